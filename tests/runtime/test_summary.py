from __future__ import annotations

import sys
from collections.abc import Iterator
from subprocess import run
from typing import Any

import arviz_base
import arviz_stats
import numpy as np
import pytest
from attrs import evolve, frozen

from gml.diagnostics.diagnostic import GmlError
from gml.runtime.draws import Draws, PositionColumns, VariableInfo, VariableKind
from gml.runtime.summary import COLUMNS, WIDE, summarize
from gml.runtime.table import format_row
from tests.runtime.fits import independent, schools


@frozen
class Vector:
    """One variable that is the whole position."""

    ndim: int
    kind: VariableKind = VariableKind.LATENT

    def variables(self) -> list[VariableInfo]:
        return [VariableInfo("x", ("N",), (self.ndim,), self.kind)]

    def chunks(self, names: list[str], positions: PositionColumns) -> Iterator[Any]:
        yield 0, {"x": positions[:, :]}


def test_numbers_are_arviz_s() -> None:
    fit = schools()
    with arviz_base.rc_context({"stats.ci_prob": 0.95}):  # tails: 5% and 95%
        theirs = arviz_stats.summary(fit.to_datatree(), round_to="none")
    ours = fit.summary().to_pandas()
    for name in ("mu", "theta[1]", "twice[2]"):
        for column in ("mean", "sd", "mcse_mean", "ess_bulk", "ess_tail", "r_hat"):
            assert ours.loc[name, column] == pytest.approx(theirs.loc[name, column])
    median = np.quantile(fit.draws["tau"], 0.5)
    assert ours.loc["tau", "50%"] == pytest.approx(median)


def test_rows_are_named_by_labels_where_there_are_any() -> None:
    fit = evolve(schools(), coords={"school": ["A", "B", "C"]})
    names = fit.summary("theta", "mu").names
    assert names == ("theta[A]", "theta[B]", "theta[C]", "mu")


def test_dict_has_a_number_for_each_column() -> None:
    table = schools().summary().to_dict()
    assert list(table["mu"]) == list(COLUMNS)


def test_unknown_variable() -> None:
    with pytest.raises(GmlError):
        schools().summary("thet")


def test_wide_array_keeps_the_elements_that_converged_least() -> None:
    positions = np.random.default_rng(0).normal(size=(20, 230, 4))
    positions[:, 77, 0] += 5
    summary = summarize(Draws(Vector(230), positions))
    assert len(summary.names) == WIDE
    assert "x[77]" in summary.names
    assert list(summary.elements) == sorted(summary.elements)
    assert summary.notes == (
        (
            "x: 30 of its 230 elements are left out, those that converged best; "
            'fit.summary("x") has them all'
        ),
    )
    assert len(summarize(Draws(Vector(230), positions), ["x"]).names) == 230


def test_bulky_derived_array_is_not_computed_unasked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gml.runtime.summary.MOST_BYTES", 1000)
    draws = Draws(Vector(30, VariableKind.DERIVED), independent())
    summary = summarize(draws)
    assert summary.names == ()
    assert summary.notes == ('x: 30 elements are left out; fit.summary("x") has them',)


def test_table_text() -> None:
    positions = independent()
    positions[:, 0] = 100 + 10 * positions[:, 0]
    lines = str(schools(positions).summary("mu", "theta")).splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "mean sd mcse_mean 5% 50% 95% ess_bulk ess_tail r_hat",
        "mu 100.1 10.0 0.3 83.8 100.0 116.7 1579 1292 1.002",
        "theta[0] 0.00 1.05 0.03 -1.73 0.02 1.69 1493 1656 1.003",
        "theta[1] 0.00 0.99 0.02 -1.68 0.00 1.60 1632 1623 1.000",
        "theta[2] -0.01 1.00 0.02 -1.66 0.01 1.59 1627 1533 0.999",
    ]
    assert len({len(line) for line in lines}) == 1
    assert lines[1].startswith("mu        100.1  10.0  ")


def test_narrow_table_has_fewer_columns() -> None:
    summary = schools().summary()
    for width in (40, 60, 80):
        lines = summary.to_text(width).splitlines()
        assert max(map(len, lines)) <= width
    assert summary.to_text(60).splitlines()[0].split()[-1] == "r_hat"


def test_long_table_shows_the_ends_and_the_worst() -> None:
    positions = np.random.default_rng(0).normal(size=(20, 100, 4))
    positions[:, 50, 0] += 5
    text = str(summarize(Draws(Vector(100), positions)))
    rows = [line.split("  ")[0].strip() or line.strip() for line in text.splitlines()]
    assert rows[1:9] == [
        "x[0]",
        "x[1]",
        "x[2]",
        "… 47 more",
        "x[50]",
        "… 48 more",
        "x[99]",
        "95 rows are not shown; fit.summary() has them all",
    ]


def row(mean: float, sd: float, error: float) -> list[str]:
    values = {"mean": mean, "sd": sd, "mcse_mean": error, "ess_bulk": 812.4}
    return list(format_row(values | {"r_hat": 1.0049}).values())


def test_digits_end_at_the_error() -> None:
    assert row(1.23456, 2.0, 0.02) == ["1.23", "2.00", "0.02", "812", "1.005"]
    assert row(1234.56, 200.0, 3.0) == ["1235", "200", "3", "812", "1.005"]
    assert row(1.5e-9, 1e-10, 1e-12)[:2] == ["1.50e-09", "1.00e-10"]
    assert row(2.5e9, 1e6, 1e4)[0] == "2.50e+09"
    assert row(3.0, 0.0, 0.0)[:2] == ["3.000", "0.000"]
    assert row(float("nan"), float("nan"), float("nan"))[0] == "-"
    assert row(0.0, 0.0, 0.0)[0] == "0"


def test_table_needs_no_arviz_and_no_pandas() -> None:
    code = (
        "import sys\n"
        "from tests.runtime.fits import schools\n"
        "str(schools())\n"
        "heavy = {'arviz_base', 'arviz_stats', 'pandas', 'scipy', 'xarray', 'rich'}\n"
        "sys.exit(len(heavy & set(sys.modules)))"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0
