"""Score and gradient for other programs: plain callables, C, MLX, JAX."""

from __future__ import annotations

import ctypes
import shutil
import subprocess

import numpy as np
import pytest

import gml
from gml.cli import main
from gml.exports import c_source, export_mlx, jax_score, mlx_functions
from tests.conftest import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.gml"))
EIGHT_SCHOOLS = ROOT / "examples" / "eight_schools.gml"
COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
FLAGS = ("-std=gnu11", "-O1", "-march=native", "-fno-math-errno", "-shared", "-fPIC")
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")


def bound_example(path):
    return gml.load(path).bind(path.with_suffix(".data.json"), backend="reference")


def positions(ndim: int, chains: int) -> np.ndarray:
    return 0.3 * np.random.default_rng(0).normal(size=(ndim, chains))


# ----------------------------------------------------------------------------- C


class Library:
    """What the top of the file promises, by ctypes alone."""

    def __init__(self, text: str, folder) -> None:
        (folder / "model.c").write_text(text, "utf-8")
        command = [COMPILER, *FLAGS, "-Werror", "model.c", "-o", "model.so"]
        subprocess.run(command, cwd=folder, check=True)
        self.library = ctypes.CDLL(str(folder / "model.so"))
        self.library.gml_model_ndim.restype = ctypes.c_int64

    @property
    def ndim(self) -> int:
        return self.library.gml_model_ndim()

    def score_and_grad(self, position: np.ndarray):
        chains = position.shape[1]
        position = np.ascontiguousarray(position)
        score, gradient = np.full(chains, np.nan), np.full(position.shape, np.nan)
        pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (position, score)]
        count = ctypes.c_int64(chains)
        assert self.library.gml_model_score(count, *pointers) == 0
        alone = score.copy()
        pointers.append(gradient.ctypes.data_as(ctypes.c_void_p))
        assert self.library.gml_model_score_and_grad(count, *pointers) == 0
        np.testing.assert_allclose(score, alone, rtol=1e-12)
        return score, gradient


@needs_compiler
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_file_of_c_computes_what_the_reference_does(path, tmp_path):
    bound = bound_example(path)
    library = Library(c_source(bound), tmp_path)
    assert library.ndim == bound.ndim
    for chains in (1, 37):  # a vector, and more than a group
        at = positions(bound.ndim, chains)
        score, gradient = bound.score_and_grad(at)
        found = library.score_and_grad(at)
        np.testing.assert_allclose(found[0], score, rtol=1e-9)
        scale = np.abs(gradient).max()
        np.testing.assert_allclose(found[1], gradient, rtol=1e-8, atol=1e-9 * scale)


@needs_compiler
def test_single_precision_and_data_that_are_no_numbers(tmp_path):
    model = gml.loads("data a: real\nparam x ~ normal(0, 1)\nfactor -x^2 / a\n")
    bound = model.bind({"a": 1e30}, backend="reference")
    library = Library(c_source(bound, "float32"), tmp_path)
    score, gradient = library.score_and_grad(np.array([[0.5]]))
    assert score == pytest.approx(bound.score(np.array([0.5])), rel=1e-6)
    assert gradient == pytest.approx(np.array([[-0.5]]), rel=1e-6)


@needs_compiler
def test_without_data_the_caller_fills_a_struct(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = "dim N\ndata y: real[N]\nmu ~ normal(0, 1)\ny ~ normal(mu, 2)\n"
    (tmp_path / "model.gml").write_text(text, "utf-8")
    assert main(["model.gml", "--emit", "c", "-o", "model.c"]) == 0
    assert capsys.readouterr().out == ""
    written = (tmp_path / "model.c").read_text("utf-8")
    assert main(["model.gml", "--emit", "c"]) == 0
    assert capsys.readouterr().out == written
    assert "gml_model_score" not in written
    assert "struct data {" in written
    command = [COMPILER, *FLAGS, "-Werror", "model.c", "-o", "model.so"]
    subprocess.run(command, check=True)
    assert main(["model.gml", "--emit", "c", "--set", "y=[1.0, 2.0]"]) == 0
    assert "gml_model_score" in capsys.readouterr().out


def test_the_command_writes_the_data_into_the_file(capsys):
    assert main([str(EIGHT_SCHOOLS), "--emit", "c"]) == 0
    text = capsys.readouterr().out
    assert text == c_source(bound_example(EIGHT_SCHOOLS)).rstrip("\n") + "\n"
    assert "28.0, 8.0, -3.0, 7.0" in text


# --------------------------------------------------------------------------- MLX


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_exported_function_gives_identical_numbers(path, tmp_path):
    import mlx.core as mx

    data = path.with_suffix(".data.json")
    bound = gml.load(path).bind(data, backend="graph", device="cpu")
    export_mlx(bound, tmp_path / "model.mlxfn", chains=(4,))
    imported = mx.import_function(str(tmp_path / "model.mlxfn"))
    functions = mlx_functions(bound)
    many = positions(bound.ndim, 4).astype(np.float32)
    for at in (mx.array(many[:, 0]), mx.array(many)):
        expected = bound.score_and_grad(at)
        for found in (imported(at), functions.score_and_grad(at)):
            for value, right in zip(found, expected, strict=True):
                assert value.dtype == mx.float32
                np.testing.assert_array_equal(np.array(value), np.array(right))
        np.testing.assert_array_equal(np.array(functions.score(at)), expected[0])


def test_mlx_transforms_use_our_gradient():
    import mlx.core as mx

    functions = mlx_functions(bound_example(EIGHT_SCHOOLS))
    at = mx.array(positions(10, 1)[:, 0].astype(np.float32))
    expected = np.array(functions.score_and_grad(at)[1])
    np.testing.assert_array_equal(np.array(mx.grad(functions.score)(at)), expected)
    doubled = mx.grad(lambda x: 2 * functions.score(x))(at)
    np.testing.assert_allclose(np.array(doubled), 2 * expected, rtol=1e-6)
    many = mx.array(positions(10, 5).astype(np.float32))
    mapped = mx.vmap(functions.score, in_axes=1)(many)
    np.testing.assert_allclose(mapped, functions.score(many), rtol=1e-5)


def test_the_command_exports_mlx(tmp_path, capsys):
    import mlx.core as mx

    path = tmp_path / "model.mlxfn"
    options = ["--emit", "mlxfn", "--chains", "3"]
    assert main([str(EIGHT_SCHOOLS), *options, "-o", str(path)]) == 0
    score, gradient = mx.import_function(str(path))(mx.zeros((10, 3)))
    assert (score.shape, gradient.shape) == ((3,), (10, 3))
    assert main([str(EIGHT_SCHOOLS), *options]) == 2
    assert "say where: -o" in capsys.readouterr().err
    assert main([str(EIGHT_SCHOOLS), *options, "-o", "model.bin"]) == 2
    assert main([str(EIGHT_SCHOOLS), *options, "-o", "no/such/model.mlxfn"]) == 2


# -------------------------------------------------------------- plain callables


def test_a_sampler_of_somebody_else_takes_the_functions():
    """Random-walk Metropolis over pytree-like positions, as BlackJAX is written."""
    model = gml.loads("data y: real\nmu ~ normal(0, 1)\ny ~ normal(mu, 1)\n")
    score = model.bind({"y": 2.0}, backend="reference").score
    rng = np.random.default_rng(1)

    def step(position, logdensity, logdensity_fn):
        proposal = position + rng.normal(size=position.shape)
        proposed = logdensity_fn(proposal)
        is_accepted = np.log(rng.random()) < proposed - logdensity
        return (proposal, proposed) if is_accepted else (position, logdensity)

    position, logdensity = np.zeros(1), score(np.zeros(1))
    draws = []
    for _ in range(4000):
        position, logdensity = step(position, logdensity, score)
        draws.append(position[0])
    assert np.mean(draws) == pytest.approx(1.0, abs=0.1)
    assert np.var(draws) == pytest.approx(0.5, abs=0.1)


def test_jax_traces_the_score():
    jax = pytest.importorskip("jax")
    bound = bound_example(EIGHT_SCHOOLS)
    score = jax_score(bound)
    at = positions(10, 3).astype(np.float32)
    expected, gradient = bound.score_and_grad(at)
    value, slope = jax.jit(jax.value_and_grad(score))(at[:, 0])
    np.testing.assert_allclose(value, expected[0], rtol=1e-6)
    np.testing.assert_allclose(slope, gradient[:, 0], rtol=1e-5)
    many = jax.vmap(jax.grad(score))(at.T)
    np.testing.assert_allclose(many.T, gradient, rtol=1e-5)


def test_blackjax_samples():
    jax = pytest.importorskip("jax")
    blackjax = pytest.importorskip("blackjax")
    model = gml.loads("data y: real\nmu ~ normal(0, 1)\ny ~ normal(mu, 1)\n")
    score = jax_score(model.bind({"y": 2.0}, backend="reference"))
    kernel = blackjax.hmc(score, 0.8, np.ones(1), 3)
    state = kernel.init(np.zeros(1, np.float32))
    step = jax.jit(kernel.step)
    draws = []
    for key in jax.random.split(jax.random.key(0), 600):
        state, _ = step(key, state)
        draws.append(float(state.position[0]))
    assert np.mean(draws) == pytest.approx(1.0, abs=0.15)


def test_what_is_not_installed_is_said(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(gml.GmlError, match="JAX is not installed"):
        jax_score(bound_example(EIGHT_SCHOOLS))
