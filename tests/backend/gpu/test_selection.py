"""`--device gpu` where MLX finds one: the emulator stands in for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import gml
from gml.backend import select
from gml.backend.fused.unsupported import Unsupported
from gml.backend.gpu import mlx_device, planning, selftest
from gml.backend.gpu.cuda import CUDA
from gml.backend.gpu.dialect import Dialect
from gml.backend.gpu.metal import METAL
from gml.backend.gpu.packing import pack_data
from gml.backend.gpu.posterior import GpuPosterior
from gml.backend.graph import device as graph_device
from gml.cli import main
from gml.cli_selftest import compare
from gml.samplers import SAMPLERS
from tests.backend.gpu.emulator import Emulator
from tests.backend.gpu.test_agreement import EXAMPLES, example


def pretend(monkeypatch: pytest.MonkeyPatch, dialect: Dialect) -> None:
    monkeypatch.setattr(mlx_device, "gpu_dialect", lambda: dialect)
    monkeypatch.setattr(mlx_device, "MlxDevice", Emulator)
    monkeypatch.setattr(graph_device, "select_device", lambda wanted: (wanted, ()))


def test_a_run_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the runtime, to draws: eight schools' mean of effects is about 4.4."""
    pretend(monkeypatch, CUDA)
    name = "eight_schools"
    model = gml.load(EXAMPLES / f"{name}.gml")
    bound = model.bind(EXAMPLES / f"{name}.data.json", device="gpu")
    fit = bound.sample("hmc", chains=16, draws=100, seed=1)
    assert (bound.choice.backend, bound.choice.device) == ("fused", "gpu")
    assert abs(fit.draws["mu"].mean() - 4.4) < 0.6


def test_metal_waits_for_its_test(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GML_CACHE_DIR", str(tmp_path / "cache"))
    pretend(monkeypatch, METAL)
    choice = select.choose("auto", "gpu")
    assert (choice.backend, choice.device) == ("graph", "gpu")
    assert "doctor --selftest" in choice.notes[0]
    assert select.choose("fused", "gpu").backend == "fused"
    selftest.remember(METAL)
    assert select.choose("auto", "gpu").backend == "fused"
    assert select.choose("auto", "gpu").notes == ()


def test_what_has_no_kernel_goes_to_the_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, CUDA)
    monkeypatch.setattr(planning, "_MOST_OWN_BYTES", 100)
    stages, data = example("eight_schools")._compilation, example("eight_schools").data

    def density_for(backend: str) -> object:
        return stages.loops if backend == "fused" else stages.gradient

    choice = select.choose("auto", "gpu")
    arguments = density_for, data.sizes, data.arrays, SAMPLERS["hmc"]
    taken, _ = select.make_posterior(choice, *arguments)
    assert (taken.backend, taken.device) == ("graph", "gpu")
    assert "own memory: the graph backend takes over" in taken.notes[0]
    with pytest.raises(gml.GmlError, match="own memory"):
        select.make_posterior(select.choose("fused", "gpu"), *arguments)
    with pytest.raises(Unsupported):
        planning.make_plans(stages.loops, SAMPLERS["hmc"], CUDA, data.sizes)


def test_ints_beyond_32_bits_have_no_kernel() -> None:
    bound = example("logistic_varying_intercepts")
    given = bound._compilation.loops, bound.data.sizes, bound.data.arrays
    posterior = GpuPosterior(*given, Emulator(CUDA))
    function = posterior.kernel(SAMPLERS["hmc"], 1).function
    hosted = dict(posterior.host_arrays)
    hosted["where"] = np.full_like(hosted["where"], 2**31 - 1)
    assert pack_data(function, hosted)[1][0] == 2**31 - 1
    hosted["where"] = np.full_like(hosted["where"], 2**31)
    with pytest.raises(Unsupported, match="32 bits"):
        pack_data(function, hosted)


@pytest.mark.parametrize("dialect", [CUDA, METAL], ids=lambda d: d.name)
def test_the_selftest_can_pass_and_fail(
    dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = example("logistic_varying_intercepts")
    assert compare(bound, Emulator(dialect), SAMPLERS["hmc"]) == []
    launch = Emulator.launch

    def wrong(self: Emulator, *arguments: object) -> list[np.ndarray]:
        return [1.01 * output for output in launch(self, *arguments)]

    monkeypatch.setattr(Emulator, "launch", wrong)
    assert compare(bound, Emulator(dialect), SAMPLERS["hmc"])


def test_doctor_without_a_gpu(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(mlx_device, "gpu_dialect", lambda: None)
    assert main(["doctor", "--selftest"]) == 2
    assert "no GPU" in capsys.readouterr().out


@pytest.mark.parametrize("stage", ["cuda", "metal"])
def test_kernels_in_print(
    stage: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = EXAMPLES / "eight_schools.gml"
    assert main([str(path), "--emit", stage, "--infer", "mh"]) == 0
    text = capsys.readouterr().out
    assert "#define num_school 8" in text
    assert "score_only(" in text
    assert "score_and_grad(" not in text
    alone = tmp_path / "model.gml"
    alone.write_text(path.read_text())
    assert main([str(alone), "--emit", stage]) == 0
    assert "from the data" in capsys.readouterr().out
