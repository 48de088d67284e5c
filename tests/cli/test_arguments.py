"""Options, values that they do not have, and what may have been meant."""

from __future__ import annotations

import pytest

from gml.cli_arguments import EMIT


@pytest.mark.parametrize(
    ("arguments", "message", "help"),
    [
        (("--infr", "hmc"), "unknown option or argument `--infr`", "`--infer`"),
        (("--infer", "hcm"), "`--infer` has no value `hcm`", "`hmc`"),
        (
            ("--infer", "nuts"),
            "`--infer` has no value `nuts`",
            "one of hmc, mala, mh, auto",
        ),
        (("--backend", "refrence"), "`--backend` has no value", "`reference`"),
        (("--emit", "gradiant"), "`--emit` has no value `gradiant`", "`gradient`"),
        (("--device", "tpu"), "`--device` has no value `tpu`", "`gpu`"),
        (("--dtype", "float46"), "`--dtype` has no value `float46`", "`float64`"),
        (("--progress", "bar"), "`--progress` has no value `bar`", "one of auto"),
        (("--chains", "0"), "at least 1, not `0`", "gmlc --help"),
        (("--draws", "many"), "at least 1, not `many`", "gmlc --help"),
        (("--seed", "-1"), "at least 0, not `-1`", "gmlc --help"),
        (("--warmup",), "expected one argument", "gmlc --help"),
        (
            ("other.gml",),
            "unknown option or argument `other.gml`",
            "one model at a time",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_may_have_been_meant(gmlc, arguments, message, help):
    shown = gmlc("model.gml", *arguments)
    assert (shown.code, shown.out) == (2, "")
    first, last = shown.err.splitlines()
    assert first.startswith("error[GML0803]: ")
    assert message in first
    assert "= help: " in last
    assert help in last


@pytest.mark.parametrize("stage", EMIT)
def test_every_stage_prints(gmlc, stage):
    shown = gmlc("model.gml", "--emit", stage, "--backend", "reference")
    assert (shown.code, shown.err) == (0, "")
    marks = {
        "tree": "data_declaration",
        "ast": "DataDeclaration",
        "ir": "latent mu",
        "density": "density model(",
        "gradient": "gradient ",
        "block": "noise",
        "c": "double",
        "cuda": "__shfl_xor_sync",
        "metal": "simd_shuffle_xor",
    }
    assert marks[stage] in shown.out
    assert shown.out.endswith("\n")
    assert not shown.out.endswith("\n\n")


def test_a_stage_before_the_mistake_prints(gmlc, folder):
    (folder / "bad.gml").write_text("mu ~ nomral(0, 1)\n", "utf-8")
    assert gmlc("bad.gml", "--emit", "ast").code == 0
    assert gmlc("bad.gml", "--emit", "ir").code == 1
