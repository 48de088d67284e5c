from pathlib import Path

from gml import resources


def test_checkout_has_the_folders_beside_the_package():
    package = Path(resources.__file__).resolve().parent
    assert resources.grammar_path() == package.parent / "grammar"
    assert resources.stdlib_path() == package.parent / "stdlib"
    assert resources.errors_path() == package.parent / "docs" / "errors"


def test_packaged_folders_win(tmp_path, monkeypatch):
    package = tmp_path / "gml"
    (package / "_grammar").mkdir(parents=True)
    (package / "_errors").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.grammar_path() == package / "_grammar"
    assert resources.errors_path() == package / "_errors"
    assert resources.stdlib_path() == tmp_path / "stdlib"
