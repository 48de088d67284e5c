"""Data frames and tables of any library, without importing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from gml.diagnostics.diagnostic import Diagnostic, GmlError

DATA_EXIT_CODE = 3


class Frame(Protocol):
    """What has named columns: a frame of pandas or polars, a table of Arrow."""

    @property
    def columns(self) -> Any: ...

    def __getitem__(self, name: Any, /) -> Any: ...


class Categorical(list[Any]):
    """Labels of a column, and all that there may be, in their order."""

    def __init__(self, values: Sequence[Any], categories: Sequence[str]) -> None:
        super().__init__(values)
        self.categories = tuple(categories)


def as_mapping(values: Any, origin: str) -> Mapping[str, Any]:
    """A mapping of names: data frames of any library have columns instead.

    Raises
    ------
    GmlError
        If the values have no names.
    """
    if isinstance(values, Mapping):
        return values
    names = getattr(values, "column_names", None)
    if names is not None and hasattr(values, "column"):  # Arrow
        return {str(name): arrow_column(values.column(name)) for name in names}
    if hasattr(values, "collect_schema"):  # polars, lazy or not
        values = values.collect() if hasattr(values, "collect") else values
        return {str(name): _polars_column(values[name]) for name in values.columns}
    names = getattr(values, "columns", None)
    if names is not None and hasattr(values, "__getitem__"):
        return {str(name): values[name] for name in names}
    message = (
        f"{origin} is a {type(values).__name__}, not a mapping from names to values"
    )
    raise GmlError(Diagnostic("GML0603", message), exit_code=DATA_EXIT_CODE)


def arrow_column(column: Any) -> Any:
    """A column as numpy has it; dictionaries keep their categories."""
    if str(column.type).startswith("dictionary"):
        chunks = getattr(column, "chunks", [column])
        words = chunks[0].dictionary.to_pylist() if chunks else []
        return Categorical(column.to_pylist(), words)
    if column.null_count or str(column.type).startswith(("list", "large_list")):
        return column.to_pylist()
    if hasattr(column, "combine_chunks"):
        return column.to_numpy()
    return column.to_numpy(zero_copy_only=False)  # of a record batch


def _polars_column(column: Any) -> Any:
    """Nulls are missing cells, whatever the type; lists may differ in length."""
    if str(column.dtype).startswith("Enum"):  # a Categorical's order is of no meaning
        return Categorical(column.to_list(), list(column.dtype.categories))
    is_plain = not column.null_count() and not str(column.dtype).startswith("List")
    return column if is_plain else column.to_list()
