"""`import gml.importer`: models as modules."""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
import traceback
import zipfile

import pytest

import gml
import gml.importer
from tests.conftest import ROOT

MODEL = """\
## One coin.
dim N
data y: bool[N]
p ~ beta(1, 1)
y ~ bernoulli(p)
"""


@pytest.fixture
def folder(tmp_path, module_folder):
    """An empty folder on the module path; what is imported from it is forgotten."""
    module_folder(tmp_path)
    return tmp_path


def write(folder, name, text=MODEL):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    importlib.invalidate_caches()
    return path


def test_a_model_is_a_module(folder):
    path = write(folder, "coin.gml")
    import coin

    assert isinstance(coin.model, gml.CompiledModel)
    assert coin.name == coin.model.name == "coin"
    assert coin.__doc__ == "One coin."
    assert coin.source.text == MODEL
    assert coin.__file__ == str(path)
    assert coin.bind({"y": [1, 0, 1]}, backend="reference").ndim == 1
    assert importlib.import_module("coin") is coin


def test_a_model_in_a_package(folder):
    write(folder, "shop/__init__.py", "")
    write(folder, "shop/models/__init__.py", "")
    write(folder, "shop/models/coin.gml")
    from shop.models import coin

    assert coin.__name__ == "shop.models.coin"
    assert coin.__package__ == "shop.models"
    assert coin.name == "coin"


def test_a_model_in_a_folder_without_init(folder):
    write(folder, "loose/coin.gml")
    assert importlib.import_module("loose.coin").name == "coin"


def test_python_goes_first(folder):
    write(folder, "coin.gml")
    write(folder, "coin.py", "side = 'heads'\n")
    import coin

    assert coin.side == "heads"
    assert not hasattr(coin, "model")


def test_a_model_goes_before_a_folder_of_its_name(folder):
    write(folder, "coin.gml")
    write(folder, "coin/notes.txt", "not a package\n")
    assert importlib.import_module("coin").name == "coin"


def test_the_first_folder_on_the_path_wins(folder, monkeypatch):
    write(folder, "late/coin.gml", MODEL.replace("beta(1, 1)", "beta(2, 2)"))
    write(folder, "early/coin.gml")
    monkeypatch.syspath_prepend(folder / "late")
    monkeypatch.syspath_prepend(folder / "early")
    assert "beta(1, 1)" in importlib.import_module("coin").source.text


def test_a_reloaded_model_is_the_file_s(folder):
    write(folder, "coin.gml")
    coin = importlib.import_module("coin")
    write(folder, "coin.gml", MODEL.replace("One coin", "Another coin"))
    importlib.reload(coin)
    assert coin.__doc__ == coin.model.doc == "Another coin."


def test_a_name_that_is_nowhere(folder):
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_coin")


def test_a_mistake_shows_file_and_line(folder):
    path = write(folder, "coin.gml", MODEL.replace("beta", "btea"))
    with pytest.raises(SyntaxError) as caught:
        importlib.import_module("coin")
    error = caught.value
    assert isinstance(error, gml.GmlError)
    assert (error.filename, error.lineno, error.offset) == (str(path), 4, 5)
    assert error.text.rstrip() == "p ~ btea(1, 1)"
    assert error.msg == "[GML0203] unknown distribution `btea`; did you mean `beta`?"
    shown = "".join(traceback.format_exception_only(error))
    assert f'File "{path}", line 4' in shown
    assert "^^^^" in shown
    assert error.exit_code == 1
    assert "coin" not in sys.modules


def test_every_mistake_of_a_file_is_there(folder):
    write(folder, "coin.gml", "a ~ btea(1, 1)\nb ~ nomral(0, 1)\n")
    with pytest.raises(gml.GmlError) as caught:
        importlib.import_module("coin")
    assert [d.code for d in caught.value.diagnostics] == ["GML0203", "GML0203"]


def test_a_file_that_is_no_text(folder):
    (folder / "coin.gml").write_bytes(b"mu ~ normal(0, 1) # \xe9\n")
    with pytest.raises(SyntaxError, match="GML0111"):
        importlib.import_module("coin")


def test_installing_twice_is_installing_once():
    before = list(sys.meta_path)
    gml.importer.install()
    assert sys.meta_path == before
    finders = [f for f in before if isinstance(f, gml.importer.ModelFinder)]
    assert len(finders) == 1


def test_an_imported_model_can_be_pickled(folder):
    write(folder, "coin.gml")
    model = importlib.import_module("coin").model
    copy = pickle.loads(pickle.dumps(model))
    assert copy.name == "coin"
    assert copy.source.text == model.source.text
    assert copy.model == model.model


def test_the_source_is_what_debuggers_ask_for(folder):
    write(folder, "coin.gml")
    coin = importlib.import_module("coin")
    assert coin.__spec__.loader.get_source("coin") == MODEL


# ------------------------------------------------------- archives and resources


@pytest.fixture
def archive(folder, monkeypatch):
    """A wheel on the path that was not unpacked: a zip file with a package in it."""
    path = folder / "shop-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("zipped_shop/__init__.py", "")
        wheel.writestr("zipped_shop/models/__init__.py", "")
        wheel.writestr("zipped_shop/models/coin.gml", MODEL)
        wheel.writestr("zipped_coin.gml", MODEL)
        wheel.writestr("zipped_wrong.gml", "a ~ btea(1, 1)\n")
    monkeypatch.syspath_prepend(str(path))
    importlib.invalidate_caches()
    return path


def test_models_of_an_archive(archive):
    coin = importlib.import_module("zipped_shop.models.coin")
    assert coin.bind({"y": [1, 0]}, backend="reference").ndim == 1
    assert coin.__spec__.loader.get_source("coin") == MODEL
    assert importlib.import_module("zipped_coin").model.doc == "One coin."
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("zipped_shop.models.no_such_model")
    with pytest.raises(SyntaxError) as caught:
        importlib.import_module("zipped_wrong")
    assert caught.value.filename == str(archive / "zipped_wrong.gml")


def test_a_resource_of_a_package(folder):
    write(folder, "store/__init__.py", "")
    write(folder, "store/coin.gml")
    write(folder, "store/more/dice.gml", MODEL.replace("One coin", "Dice"))
    assert gml.resource("store", "coin").doc == "One coin."
    assert gml.resource("store", "coin.gml").name == "coin"
    assert gml.resource("store", "more/dice").doc == "Dice."
    assert gml.resource(importlib.import_module("store"), "coin").name == "coin"
    with pytest.raises(gml.GmlError, match=r"has no file cion\.gml") as caught:
        gml.resource("store", "cion")
    assert caught.value.diagnostics[0].help == "did you mean `coin.gml`?"
    assert caught.value.exit_code == 2
    with pytest.raises(gml.GmlError, match="no package `no_such_store`"):
        gml.resource("no_such_store", "coin")


def test_a_resource_of_an_archive(archive):
    assert gml.resource("zipped_shop.models", "coin").doc == "One coin."


# ------------------------------------------------------------------- tracebacks


def test_tracebacks_show_lines_of_the_model(folder):
    path = write(folder, "coin.gml")
    coin = importlib.import_module("coin")
    with pytest.raises(gml.GmlError) as caught:
        coin.bind({"y": [1, 2]})
    shown = "".join(traceback.format_exception(caught.value))
    assert f"--> {path}:3:6" in shown
    assert "3 | data y: bool[N]" in shown


def test_errors_can_be_pickled(folder):
    write(folder, "coin.gml", "a ~ btea(1, 1)\n")
    with pytest.raises(gml.GmlError) as caught:
        importlib.import_module("coin")
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value)
    assert (again.lineno, again.filename) == (1, caught.value.filename)
    assert [d.code for d in again.diagnostics] == ["GML0203"]
    with pytest.raises(gml.GmlError) as caught:
        gml.loads("a ~ btea(1, 1)")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.__notes__ == caught.value.__notes__


def test_importing_builds_nothing(folder):
    """Nothing is compiled, and no backend is loaded."""
    write(folder, "coin.gml")
    code = (
        "import sys; import gml.importer, coin; "
        "print([n for n in ('mlx', 'gml.backend.fused.build', 'gml.passes') "
        "if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
