"""Each code is provoked by a wrong program, by wrong data, or by a test that is named.

Pages on the codes, and the models on them before and after the fix, are run by
test_explanations.py; fixes of diagnostics by tests/lsp/test_fixes.py.
"""

from pathlib import Path

import pytest

import gml
from gml.diagnostics.codes import CODES
from gml.exports import cannot_export
from tests.conftest import ROOT

PROGRAMS = ROOT / "tests" / "programs"
# What no text provokes by itself: how a run goes, what a machine has, how commands are
# called. The pages on these have examples where a command shows them.
ELSEWHERE = {
    "GML0701": "cli/test_exit_codes.py",
    **dict.fromkeys(("GML0702", "GML0703", "GML0704"), "runtime/test_verdict.py"),
    **dict.fromkeys(("GML0705", "GML0710", "GML0711"), "runtime/test_verdict.py"),
    "GML0706": "test_python_api.py",
    "GML0708": "diagnostics/test_coverage.py",
    "GML0709": "runtime/test_precision.py",
    "GML0712": "runtime/test_verdict.py",
    "GML0713": "runtime/stored/test_failures.py",
    "GML0714": "cli/test_exit_codes.py",
    "GML0721": "lower/test_simulation.py",
    "GML0723": "lower/test_simulation.py",
    "GML0724": "diagnostics/test_coverage.py",
    "GML0802": "syntax/test_read.py",
    "GML0803": "cli/test_arguments.py",
    "GML0804": "cli/test_exit_codes.py",
    "GML0805": "cli/test_dependencies.py",
    "GML0807": "runtime/test_precision.py",
    "GML0808": "diagnostics/test_explanations.py",  # the example on its page
    **dict.fromkeys(("GML0809", "GML0810"), "runtime/stored/test_failures.py"),
    "GML0811": "runtime/stored/test_failures.py",
    "GML0812": "cli/test_infer.py",
    "GML0813": "runtime/test_saved.py",
    "GML0908": "test_interventions.py",
    "GML0999": "cli/test_exit_codes.py",
}


def goldens() -> list[Path]:
    texts = [
        *(PROGRAMS / "bad").glob("*.err"),
        *(PROGRAMS / "bad_data").glob("*/*.err"),
    ]
    return sorted(texts)


def test_there_are_hundreds_of_wrong_programs():
    assert len(goldens()) >= 200
    assert len(list((PROGRAMS / "bad").glob("*.gml"))) >= 200


def test_each_code_is_provoked_somewhere():
    shown = "\n".join(path.read_text("utf-8") for path in goldens())
    with_golden = {code for code in CODES if f"[{code}]" in shown}
    assert set(CODES) == with_golden | set(ELSEWHERE)


@pytest.mark.parametrize("code", sorted(set(ELSEWHERE) - {"GML0808"}))
def test_what_has_no_program_has_a_test(code):
    assert code in (ROOT / "tests" / ELSEWHERE[code]).read_text("utf-8")


def test_a_model_without_data_has_no_pointwise_log_likelihood():
    fit = gml.loads("param mu ~ normal(0, 1)\n").bind(backend="reference")
    drawn = fit.sample(draws=4, chains=2, warmup=4, seed=1)
    with pytest.raises(gml.GmlError) as caught:
        drawn.log_likelihood()
    assert [d.code for d in caught.value.diagnostics] == ["GML0724"]


def test_a_form_that_a_model_does_not_have():
    diagnostic, *_ = cannot_export("C", "an index").diagnostics
    assert diagnostic.code == "GML0708"
    assert diagnostic.message == "this model has no form in C: an index"
