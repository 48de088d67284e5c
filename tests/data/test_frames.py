"""Tables of other libraries: each gives what a dict of lists gives."""

from __future__ import annotations

import numpy as np
import pytest

import gml
from gml.data import read_data_file

TEXT = """\
dim N, group
data x: real[N]
data k: int<lower=0>[N]
data is_new: bool[N]
data where: index(group)[N]
data y: real?[N]
b[group] ~ normal(0, 1)
rate ~ gamma(2, 1)
k ~ poisson(rate)
y ~ normal(b[where] + x, 1)
z ~ bernoulli(0.5)
factor sum(is_new over N) * 0.0
"""
COLUMNS = {
    "x": [0.5, 1.5, 2.5, 3.5],
    "k": [1, 0, 2, 5],
    "is_new": [True, False, True, True],
    "where": ["b", "a", "b", "c"],
    "y": [1.0, None, 3.0, 4.0],
    "unused": ["p", "q", "r", "s"],
}
GROUPS = {"group": ["a", "b", "c"]}


@pytest.fixture(scope="module")
def model():
    return gml.loads(TEXT)


@pytest.fixture(scope="module")
def expected(model):
    return model.bind(COLUMNS | GROUPS, backend="reference").data


def pandas_frame():
    return pytest.importorskip("pandas").DataFrame(COLUMNS)


def pandas_with_its_own_types():
    return pandas_frame().convert_dtypes()


def polars_frame():
    return pytest.importorskip("polars").DataFrame(COLUMNS)


def lazy_polars_frame():
    return polars_frame().lazy()


def arrow_table():
    return pytest.importorskip("pyarrow").table(COLUMNS)


def arrow_batch():
    return arrow_table().to_batches()[0]


FRAMES = [
    pandas_frame,
    pandas_with_its_own_types,
    polars_frame,
    lazy_polars_frame,
    arrow_table,
    arrow_batch,
]


@pytest.mark.parametrize("make", FRAMES)
def test_a_table_with_labels_that_are_sorted(model, expected, make):
    check(model.bind(make(), backend="reference").data, expected)


@pytest.mark.parametrize("make", FRAMES)
def test_columns_of_a_table_in_a_dict(model, expected, make):
    from gml.data import as_mapping

    columns = {name: as_mapping(make(), "")[name] for name in COLUMNS}
    check(model.bind(columns | GROUPS, backend="reference").data, expected)


def check(found, expected):
    assert found.sizes == expected.sizes
    assert found.labels == expected.labels
    for name, values in expected.arrays.items():
        np.testing.assert_array_equal(found.arrays[name], values)
        assert found.arrays[name].dtype == values.dtype


def test_categories_keep_their_order(model):
    order = ["c", "b", "a"]
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(COLUMNS)
    frame["where"] = pandas.Categorical(COLUMNS["where"], categories=order)
    bound = model.bind(frame, backend="reference")
    assert bound.data.labels["group"] == tuple(order)
    assert bound.data.arrays["where"].tolist() == [1, 2, 1, 0]


def test_enums_of_polars_keep_their_order(model):
    polars = pytest.importorskip("polars")
    order = ["c", "b", "a"]
    frame = polars.DataFrame(COLUMNS, schema_overrides={"where": polars.Enum(order)})
    bound = model.bind(frame, backend="reference")
    assert bound.data.labels["group"] == tuple(order)
    assert bound.data.arrays["where"].tolist() == [1, 2, 1, 0]


def test_dictionaries_of_arrow_keep_their_order(model):
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table(COLUMNS)
    codes = arrow.DictionaryArray.from_arrays([1, 2, 1, 0], ["c", "b", "a"])
    place = table.column_names.index("where")
    for made in (codes, arrow.chunked_array([codes])):
        bound = model.bind(table.set_column(place, "where", made), backend="reference")
        assert bound.data.labels["group"] == ("c", "b", "a")
        assert bound.data.arrays["where"].tolist() == [1, 2, 1, 0]


@pytest.mark.parametrize("suffix", ["parquet", "arrow", "feather"])
def test_files_of_arrow(model, expected, tmp_path, suffix):
    table = arrow_table()
    path = tmp_path / f"data.{suffix}"
    if suffix == "parquet":
        import pyarrow.parquet

        pyarrow.parquet.write_table(table, path)
    else:
        import pyarrow.feather

        pyarrow.feather.write_feather(table, path)
    check(model.bind(path, backend="reference").data, expected)
    path.write_bytes(b"no table")
    with pytest.raises(gml.GmlError, match="cannot be read") as caught:
        read_data_file(path)
    assert caught.value.exit_code == 3


def test_without_arrow_it_is_asked_for(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.feather", None)
    with pytest.raises(gml.GmlError, match="pyarrow is not installed"):
        read_data_file(tmp_path / "data.arrow")


def test_lists_in_a_column_are_ragged():
    model = gml.loads(
        "dim patient, visit(patient)\ndata y: real[visit]\nmu ~ normal(0, 1)\n"
        "y ~ normal(mu, 1)\n"
    )
    rows = {"y": [[1.0, 2.0], [3.0], [4.0, 5.0, 6.0]]}
    expected = model.bind(rows, backend="reference").data
    for library, make in (("polars", "DataFrame"), ("pyarrow", "table")):
        module = pytest.importorskip(library)
        found = model.bind(getattr(module, make)(rows), backend="reference").data
        assert found.sizes == expected.sizes
        np.testing.assert_array_equal(found.arrays["y"], expected.arrays["y"])


def test_what_has_no_names_is_refused(model):
    with pytest.raises(gml.GmlError, match="not a mapping from names to values"):
        model.bind([1.0, 2.0])
