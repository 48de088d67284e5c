"""Data that do not fit, each with the text that their owner sees on the terminal.

`tests/programs/bad_data/CODE_what/` holds a model, its data and the golden text.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gml.cli import main

FOLDER = Path(__file__).parent.parent / "programs" / "bad_data"
CASES = sorted(path for path in FOLDER.iterdir() if path.is_dir())
# The data of the others are found by their name, model.data.json.
ARGUMENTS = {
    "GML0801_no_such_file": ["--data", "model.data.jsn"],
    "GML0608_unknown_kind": ["--data", "data.txt"],
    "GML0608_csv_row": ["--data", "data.csv"],
    "GML0603_csv_text": ["--data", "data.csv"],
    "GML0604_csv_empty_cell": ["--data", "data.csv"],
    "GML0604_csv_label": ["--data", "data.csv"],
    "GML0611_setting": ["--set", "se"],
    "GML0611_setting_value": ["--set", "se=big"],
    "GML0602_setting": ["--set", "se=[1, 2, 3]"],
}
USAGE = ("GML0611", "GML0801", "GML0608_unknown")


def shown_for(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    arguments = ["--infer", "hmc", "--backend", "reference", "--draws", "1"]
    code = main(["model.gml", *arguments, *ARGUMENTS.get(folder.name, [])])
    shown = capsys.readouterr()
    assert not shown.out
    return code, shown.err


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_text(folder, golden, capsys, monkeypatch):
    code, text = shown_for(folder, capsys, monkeypatch)
    assert folder.name[:7] in text
    assert "Traceback" not in text
    assert code == (2 if folder.name.startswith(USAGE) else 3)
    heads = [line for line in text.splitlines() if line.startswith("error[")]
    assert text.count("= help: ") == len(heads)
    golden(folder / "message.err", text)


def test_archive_without_a_name(tmp_path, capsys, monkeypatch):
    model = (FOLDER / "GML0601_missing_name" / "model.gml").read_text("utf-8")
    (tmp_path / "model.gml").write_text(model, "utf-8")
    np.savez(tmp_path / "data.npz", y=[28.0, 8.0], sd=[1.0, 2.0])
    monkeypatch.chdir(tmp_path)
    assert main(["model.gml", "--infer", "mh", "--data", "data.npz"]) == 3
    text = capsys.readouterr().err
    assert "error[GML0601]: `se` is missing from data.npz" in text
    assert "did you mean `sd`?" in text
