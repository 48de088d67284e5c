"""Data files: JSON as Stan writes it, CSV with a header, npz, Parquet, Arrow."""

from __future__ import annotations

import csv
import importlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gml.data.cells import Cells
from gml.data.frames import as_mapping
from gml.diagnostics.diagnostic import Diagnostic, GmlError, Label
from gml.diagnostics.suggest import did_you_mean
from gml.source import Source, Span

USAGE_EXIT_CODE = 2
DATA_EXIT_CODE = 3
_EXAMPLE = 'write {"y": [1.5, 2.0], "sigma": 1}'
_LONGEST_SHOWN_LINE = 160  # a whole file may be one line


def default_data_path(model_path: str | Path) -> Path | None:
    """`eight_schools.data.json` beside `eight_schools.gml`, if it is there."""
    path = Path(model_path).with_suffix(".data.json")
    return path if path.is_file() else None


def read_data_file(path: str | Path) -> dict[str, Any]:
    """What a data file holds, by name, as it stands there.

    Parameters
    ----------
    path
        A `.json`, `.csv`, `.tsv`, `.npz`, `.parquet`, `.arrow` or `.feather` file.

    Raises
    ------
    GmlError
        If there is no such file (exit code 2) or it does not hold data (3).
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None and not path.exists():
        raise _no_such_file(path)
    if reader is None:
        known = ", ".join(READERS)
        raise _usage("GML0608", f"{path} is not a data file", f"GML reads {known}")
    try:
        return reader(path)
    except FileNotFoundError:
        raise _no_such_file(path) from None
    except IsADirectoryError:
        raise _usage("GML0608", f"{path} is a directory, not a data file") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise _usage("GML0802", f"{path} cannot be read: {reason}") from None
    except UnicodeDecodeError:
        raise _unreadable(path, "it is not UTF-8 text") from None


def parse_setting(text: str) -> tuple[str, Any]:
    """The name and the JSON value of `name=value`, as `--set` takes it."""
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals or not name.isidentifier():
        raise _bad_setting(f"`{text}` is not of the form name=value")
    try:
        return name, json.loads(value)
    except (ValueError, RecursionError):
        raise _bad_setting(f"the value of `{name}` is not JSON: {value}") from None


# ------------------------------------------------------------------- formats


def _read_json(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8-sig")
    if not text.strip():
        raise _unreadable(path, "it is empty", _EXAMPLE)
    try:
        content = json.loads(text, object_pairs_hook=_unique_names)
    except json.JSONDecodeError as error:
        raise _json_error(path, text, error) from None
    except RecursionError:
        raise _unreadable(path, "it is nested too deeply", _EXAMPLE) from None
    except _RepeatedName as error:
        raise _unreadable(path, str(error), "write each name once") from None
    except ValueError:  # Python reads no integers of more than 4300 digits
        reason = "it holds a number of thousands of digits"
        raise _unreadable(path, reason, "numbers have up to 308 digits") from None
    if not isinstance(content, dict):
        raise _unreadable(
            path,
            f"it holds {_json_kind(content)}, not an object of names and values",
            _EXAMPLE,
        )
    return content


class _RepeatedName(ValueError):  # noqa: N818 - it never leaves this file
    pass


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RepeatedName(f"it holds `{twice}` twice")
    return values


def _json_error(path: Path, text: str, error: json.JSONDecodeError) -> GmlError:
    source = Source(str(path), text)
    reason, offset, help = _json_reason(text, error)
    line, column = source.position(offset)
    message = f"{path} is not valid JSON: {reason}"
    if len(source.line(line)) <= _LONGEST_SHOWN_LINE:
        label = Label(Span(source, offset, offset + 1), reason)
        diagnostic = Diagnostic("GML0608", message, label, help=help)
    else:
        before = text[max(0, offset - 40) : offset]
        note = f"line {line}, column {column}, after {before}"
        diagnostic = Diagnostic("GML0608", message, notes=(note,), help=help)
    return GmlError(diagnostic, exit_code=DATA_EXIT_CODE)


def _json_reason(text: str, error: json.JSONDecodeError) -> tuple[str, int, str]:
    """What is wrong, where, and what to write; frequent slips in our own words."""
    offset = min(error.pos, len(text) - 1)
    before, after = text[:offset].rstrip(), text[offset + 1 :].lstrip()
    here = text[offset]
    if here in "}]" and before.endswith(","):  # Python 3.13 points at the comma itself
        here, offset, after = ",", len(before) - 1, here
    if here == "," and after[:1] in ("}", "]"):
        return "comma after the last element", offset, "remove the comma"
    if here == "'":
        help = 'write names in double quotes: {"y": [1.5, 2.0]}'
        return "single quotes", offset, help
    return error.msg[0].lower() + error.msg[1:], offset, _EXAMPLE


def _json_kind(value: Any) -> str:
    match value:
        case list():
            return "a list"
        case str():
            return "a string"
        case _:
            return "a single value"


def _read_csv(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first_line = file.readline()
        file.seek(0)
        rows = csv.reader(file, delimiter=_delimiter(first_line), skipinitialspace=True)
        try:
            numbered = [(rows.line_num, row) for row in rows if row]
        except csv.Error as error:
            raise _unreadable(path, f"line {rows.line_num}: {error}") from None
    if not numbered:
        raise _unreadable(path, "it is empty")
    (_, header), *body = numbered
    names = [name.strip() for name in header]
    _check_table(path, names, body)
    return {
        name: _column([row[i] for _, row in body], [line for line, _ in body])
        for i, name in enumerate(names)
        if name  # R writes row numbers in a column without a name
    }


def _delimiter(header: str) -> str:
    """The separator of the header: a comma unless there is only another one."""
    candidates = [mark for mark in ",;\t" if mark in header]
    return candidates[0] if candidates else ","


def _check_table(path: Path, names: list[str], body: list[tuple[int, Any]]) -> None:
    twice = [name for name in names if name and names.count(name) > 1]
    if twice:
        reason = f"it has two columns `{twice[0]}`"
        raise _unreadable(path, reason, "rename one of them")
    if not body:
        raise _unreadable(path, "it has a header and no rows", "add the rows")
    for line, row in body:
        if len(row) != len(names):
            raise _unreadable(
                path,
                f"line {line} has {_cells(len(row))} and the header {len(names)}",
                "leave the cell of a missing number empty",
            )


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _column(cells: list[str], lines: list[int]) -> Any:
    """Numbers where every cell is one; else cells, which are labels or a mistake."""
    has_underscore = any("_" in cell for cell in cells)  # a number to Python alone
    for kind in (int, float):
        try:
            if not has_underscore:
                return np.array([kind(cell) for cell in cells])
        except ValueError:
            continue
    words = {"true": True, "false": False}
    try:
        return np.array([words[cell.strip().lower()] for cell in cells])
    except KeyError:
        texts = [cell.strip() for cell in cells]
        return Cells([_cell(cell) for cell in cells], texts, lines)


def _cell(text: str) -> float | str:
    try:
        return text if "_" in text else float(text)
    except ValueError:
        return text


def _read_npz(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        try:
            archive = np.load(file, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise _unreadable(path, "it holds one array without a name")
            return {name: archive[name] for name in archive.files}
        except (ValueError, EOFError, zipfile.BadZipFile) as error:
            if "Object arrays" in str(error):
                raise _unreadable(
                    path, "it holds Python objects, not numbers"
                ) from None
            raise _unreadable(path, "it is not an npz archive") from None


def _read_parquet(path: Path) -> dict[str, Any]:
    return _read_arrow_with(path, "parquet", lambda parquet: parquet.read_table(path))


def _read_arrow(path: Path) -> dict[str, Any]:
    """An Arrow file, as Feather calls it too."""
    return _read_arrow_with(path, "feather", lambda feather: feather.read_table(path))


def _read_arrow_with(
    path: Path, module: str, read: Callable[[Any], Any]
) -> dict[str, Any]:
    try:
        library = importlib.import_module(f"pyarrow.{module}")  # an extra, and large
    except ModuleNotFoundError:
        raise _usage(
            "GML0608",
            f"{path} cannot be read: pyarrow is not installed",
            "pip install 'gmlc[parquet]'",
        ) from None
    try:
        table = read(library)
    except FileNotFoundError:
        raise
    except (ValueError, OSError) as error:  # pyarrow's own errors are kinds of these
        reason = str(error).splitlines()[0]
        raise _unreadable(path, reason) from None
    return dict(as_mapping(table, str(path)))


READERS: dict[str, Callable[[Path], dict[str, Any]]] = {
    ".json": _read_json,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".npz": _read_npz,
    ".parquet": _read_parquet,
    ".arrow": _read_arrow,
    ".feather": _read_arrow,
}


# -------------------------------------------------------------------- errors


def _usage(code: str, message: str, help: str | None = None) -> GmlError:
    return GmlError(Diagnostic(code, message, help=help), exit_code=USAGE_EXIT_CODE)


def _unreadable(path: Path, reason: str, help: str | None = None) -> GmlError:
    message = f"{path} cannot be read: {reason}"
    diagnostic = Diagnostic("GML0608", message, help=help)
    return GmlError(diagnostic, exit_code=DATA_EXIT_CODE)


def _no_such_file(path: Path) -> GmlError:
    folder = path.parent
    siblings = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    near = did_you_mean(path.name, siblings) or "check the name and the folder"
    return _usage("GML0801", f"there is no file {path}", near)


def _bad_setting(message: str) -> GmlError:
    help_text = "write --set N=10, --set 'y=[1, 2.5]' or --set flag=true"
    return _usage("GML0611", message, help_text)
