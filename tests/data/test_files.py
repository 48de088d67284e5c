"""Data files are read as they stand; what cannot be read says where and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gml.data import default_data_path, parse_setting, read_data_file
from gml.diagnostics.codes import CODES
from gml.diagnostics.diagnostic import GmlError
from gml.diagnostics.render import render_text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, so that messages hold short names."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(name: str, content: str | bytes) -> Path:
    data = content.encode() if isinstance(content, str) else content
    Path(name).write_bytes(data)
    return Path(name)


def failure(path: Any) -> GmlError:
    with pytest.raises(GmlError) as caught:
        read_data_file(path)
    assert caught.value.diagnostics[0].code in CODES
    return caught.value


# ------------------------------------------------------------ readable files


def test_json_keeps_what_stands_there(folder: Path) -> None:
    path = written("d.json", '{"N": 2, "y": [1.5, NaN, null], "X": [[1], [2]]}')
    values = read_data_file(path)
    assert values["N"] == 2
    assert values["X"] == [[1], [2]]
    assert np.isnan(values["y"][1])
    assert values["y"][2] is None


def test_json_with_a_byte_order_mark(folder: Path) -> None:
    assert read_data_file(written("d.json", "\ufeff{}")) == {}


def test_csv_columns_are_ints_floats_bools_or_strings(folder: Path) -> None:
    path = written(
        "d.csv",
        '"","n", x,ok,where\r\n"1",1,0.5,TRUE,"a, b"\r\n"2",2,NA,false,1_000\r\n\r\n',
    )
    values = read_data_file(path)
    assert list(values) == ["n", "x", "ok", "where"]
    assert values["n"].dtype == np.int64
    assert values["x"] == [0.5, "NA"]
    assert values["ok"].tolist() == [True, False]
    assert values["where"] == ["a, b", "1_000"]


@pytest.mark.parametrize("mark", [";", "\t"])
def test_csv_with_another_separator(folder: Path, mark: str) -> None:
    values = read_data_file(written("d.csv", f"a{mark}b\n1{mark}2\n"))
    assert values["b"].tolist() == [2]


def test_npz_arrays(folder: Path) -> None:
    np.savez("d.npz", y=np.arange(3.0), N=np.array(3))
    values = read_data_file("d.npz")
    assert values["y"].tolist() == [0, 1, 2]
    assert values["N"].shape == ()


def test_default_data_path_is_beside_the_model(folder: Path) -> None:
    assert default_data_path("m.gml") is None
    written("m.data.json", "{}")
    assert default_data_path("m.gml") == Path("m.data.json")


# ---------------------------------------------------------- unreadable files


def test_json_error_shows_the_place(folder: Path) -> None:
    error = failure(written("d.json", '{"N": 2,\n "y": [1, 2 3]}\n'))
    assert error.exit_code == 3
    assert render_text(error.diagnostics[0]) == (
        "error[GML0608]: d.json is not valid JSON: expecting ',' delimiter\n"
        " --> d.json:2:13\n"
        "  |\n"
        '2 |  "y": [1, 2 3]}\n'
        "  |             ^ expecting ',' delimiter\n"
        '  = help: write {"y": [1.5, 2.0], "sigma": 1}'
    )


def test_json_error_in_a_very_long_line_shows_a_piece_of_it(folder: Path) -> None:
    text = json.dumps({"y": list(range(1000))})[:-2] + ",]}"
    (diagnostic,) = failure(written("d.json", text)).diagnostics
    assert diagnostic.label is None
    assert "line 1, column" in diagnostic.notes[0]
    assert diagnostic.notes[0].endswith("997, 998, 999")


UNREADABLE: dict[str, tuple[str, str | bytes, str]] = {
    "empty": ("d.json", " \n", "d.json cannot be read: it is empty"),
    "list": ("d.json", "[1]", "d.json cannot be read: it holds a list, not an object"),
    "twice": ("d.json", '{"y": 1, "y": 2}', "cannot be read: it holds `y` twice"),
    "deep": ("d.json", "[" * 100_000, "d.json cannot be read: it is nested too deeply"),
    "truncated": ("d.json", '{"y": [1,', "d.json is not valid JSON: expecting value"),
    "encoding": ("d.json", b'{"y": "\xff"}', "d.json cannot be read: it is not UTF-8"),
    "long digits": ("d.json", '{"y": ' + "1" * 5000 + "}", "d.json cannot be read: "),
    "empty csv": ("d.csv", "", "d.csv cannot be read: it is empty"),
    "header only": ("d.csv", "a,b\n", "d.csv cannot be read: it has a header and no"),
    "two columns": ("d.csv", "a,a\n1,2\n", "d.csv cannot be read: it has two columns"),
    "short row": (
        "d.csv",
        "a,b\n1,2\n3\n",
        "d.csv cannot be read: line 3 has 1 cell and the header 2",
    ),
    "not an archive": (
        "d.npz",
        "text",
        "d.npz cannot be read: it is not an npz archive",
    ),
    "empty archive": ("d.npz", "", "d.npz cannot be read: it is not an npz archive"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_contents_that_are_no_data(folder: Path, case: str) -> None:
    name, content, expected = UNREADABLE[case]
    error = failure(written(name, content))
    assert error.exit_code == 3
    assert expected in error.diagnostics[0].message


def test_npz_of_objects_is_not_unpickled(folder: Path) -> None:
    np.savez("d.npz", y=np.array([{}], dtype=object))
    assert "it holds Python objects" in failure("d.npz").diagnostics[0].message


def test_single_array_in_an_npz(folder: Path) -> None:
    with Path("d.npz").open("wb") as file:
        np.save(file, np.ones(3))
    assert "one array without a name" in failure("d.npz").diagnostics[0].message


def test_missing_file_offers_a_near_one(folder: Path) -> None:
    written("schools.json", "{}")
    error = failure("shools.json")
    assert error.exit_code == 2
    assert error.diagnostics[0].message == "there is no file shools.json"
    assert error.diagnostics[0].help == "did you mean `schools.json`?"


def test_missing_folder(folder: Path) -> None:
    assert failure("nowhere/d.json").diagnostics[0].code == "GML0801"


def test_directory_and_unknown_suffix(folder: Path) -> None:
    Path("d.json").mkdir()
    assert failure("d.json").diagnostics[0].message.startswith("d.json is a directory")
    error = failure(written("d.xlsx", "x"))
    assert error.exit_code == 2
    assert error.diagnostics[0].help == "GML reads .json, .csv, .tsv, .npz, .parquet"


# ------------------------------------------------------------------ settings


def test_setting_is_a_name_and_json() -> None:
    assert parse_setting("N=10") == ("N", 10)
    assert parse_setting("y = [1, 2.5]") == ("y", [1, 2.5])


@pytest.mark.parametrize("text", ["N", "=3", "2x=3", "N=ten", "N="])
def test_setting_of_another_form(text: str) -> None:
    with pytest.raises(GmlError) as caught:
        parse_setting(text)
    assert caught.value.exit_code == 2
    assert caught.value.diagnostics[0].code == "GML0611"
