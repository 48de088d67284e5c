"""From what a user supplies to the arrays that a model declares."""

from gml.data.bind import BoundData, bind_data
from gml.data.covariates import bind_covariates
from gml.data.files import default_data_path, parse_setting, read_data_file
from gml.data.missing import split_missing, with_missing_cells

__all__ = [
    "BoundData",
    "bind_covariates",
    "bind_data",
    "default_data_path",
    "parse_setting",
    "read_data_file",
    "split_missing",
    "with_missing_cells",
]
