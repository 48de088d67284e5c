"""Each trouble is recognised, named and located; a good run is praised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import evolve

from gml.diagnostics.codes import CODES
from gml.diagnostics.diagnostic import Diagnostic, Severity
from gml.runtime.fit import Fit
from gml.runtime.verdict import CONDITIONS
from tests.runtime.fits import independent, raw, schools


def problems(fit: Fit) -> dict[str, Diagnostic]:
    found = {problem.code: problem for problem in fit.verdict.problems}
    assert set(found) <= set(CODES)
    return found


def with_stats(fit: Fit, **stats: Any) -> Fit:
    return evolve(fit, raw=evolve(fit.raw, stats={**fit.raw.stats, **stats}))


def test_good_run() -> None:
    fit = schools()
    assert fit.verdict.is_fine
    assert str(fit.verdict) == (
        "No problems found: 16 chains of 100 draws agree (R-hat at most 1.004), "
        "at least 1,292 effective draws, no divergences, E-BFMI 2.03."
    )


def test_chains_that_disagree_are_shown_at_the_source() -> None:
    positions = independent()
    positions[:, 1, 0] += 1
    fit = schools(positions)
    assert not fit.verdict.is_fine
    assert str(fit.verdict).startswith(
        "warning[GML0704]: chains disagree: R-hat of `tau` is 1."
    )
    assert "2 | tau ~ half_cauchy(5)\n  | ^" in str(fit.verdict)


def slowly_mixing(draws: int, correlation: float) -> np.ndarray:
    positions = independent(draws=draws, chains=64)
    for t in range(1, draws):
        positions[t] *= np.sqrt(1 - correlation**2)
        positions[t] += correlation * positions[t - 1]
    return positions


def test_short_chains_that_agree_as_groups_are_a_note() -> None:
    found = problems(schools(slowly_mixing(100, 0.6)))["GML0704"]
    assert found.severity is Severity.NOTE
    assert found.message.startswith("chains are short: R-hat of `")
    assert "more above 1.01" in found.message
    assert found.notes[0].startswith("nested R-hat is 1.00")


def test_slow_chains_that_agree_as_groups_are_a_warning() -> None:
    found = problems(schools(slowly_mixing(100, 0.9)))["GML0704"]
    assert found.severity is Severity.WARNING


def test_modes_that_no_chain_leaves_are_counted() -> None:
    positions = independent()
    positions[:, 0, :6] += 20
    found = problems(schools(positions))["GML0704"]
    assert "chains are in modes that none leaves (10 near " in found.message
    assert ", 6 near 20" in found.message
    assert found.help is not None
    assert "nothing of its mass" in found.help


def test_chains_that_spread_without_end_are_named() -> None:
    steps = np.random.default_rng(5).normal(size=(200, 5, 16))
    steps[:, 1] *= 0.1  # of which the exponential is taken
    found = problems(schools(np.cumsum(steps, axis=0)))["GML0704"]
    assert found.message.startswith("chains spread without end: R-hat of `")
    assert found.help == (
        "the posterior may be improper: give every parameter a proper prior"
    )


def test_scripts_fail_on_what_they_ask_for() -> None:
    everything = tuple(CONDITIONS)
    assert schools().verdict.failed(everything) == ()
    assert schools(num_divergent=1).verdict.failed(everything) == ()
    assert schools(num_divergent=50).verdict.failed(everything) == ("divergence",)
    short = schools(slowly_mixing(100, 0.6)).verdict  # a note, and above 1.01
    assert "rhat" in short.failed(everything)
    assert short.failed(["divergence"]) == ()


def test_divergent_draws_and_energies_can_be_looked_at() -> None:
    is_divergent = np.zeros((16, 100), dtype=bool)
    is_divergent[3, 7] = is_divergent[4, 9] = True
    fit = with_stats(schools(), diverging=is_divergent)
    assert list(fit.divergences) == ["mu", "tau", "theta", "twice"]
    np.testing.assert_array_equal(
        fit.divergences["theta"], fit.draws["theta"][[3, 4], [7, 9]]
    )
    assert fit.bfmi.shape == (16,)
    assert np.isnan(evolve(fit, sampler="mala").bfmi).all()


def test_too_few_effective_draws() -> None:
    found = problems(schools(independent(draws=20, chains=4)))["GML0705"]
    assert "effective draws for " in found.message
    assert "more below 400" in found.message


def test_divergences_are_counted_and_located() -> None:
    positions = independent()
    is_divergent = (positions[:, 1] < -0.5).T
    count = int(is_divergent.sum())
    fit = with_stats(schools(positions, num_divergent=count), diverging=is_divergent)
    found = problems(fit)["GML0703"]
    assert found.severity is Severity.WARNING
    assert found.message == (
        f"{count} transitions of 1,600 diverged ({count / 1600:.2%}), "
        "mostly where `tau` is small"
    )
    assert found.label is not None
    assert found.label.span.text == "tau ~ half_cauchy(5)"


def test_divergences_are_not_where_nothing_varies() -> None:
    positions = independent()
    positions[:, 0] = 0.0  # as above the diagonal of a triangle
    is_divergent = (positions[:, 1] < -0.5).T
    count = int(is_divergent.sum())
    fit = with_stats(schools(positions, num_divergent=count), diverging=is_divergent)
    assert problems(fit)["GML0703"].message.endswith("mostly where `tau` is small")


def test_rare_divergences_are_a_note() -> None:
    fit = schools(num_divergent=1)
    assert problems(fit)["GML0703"].message.startswith("1 transition of 1,600 diverged")
    assert fit.verdict.is_fine
    assert str(fit.verdict).startswith("No problems found")
    assert "no divergences" not in str(fit.verdict)
    assert "note[GML0703]" in str(fit.verdict)


def test_stuck_chain() -> None:
    acceptance = np.full((16, 100), 0.8)
    acceptance[5] = 0.01
    found = problems(with_stats(schools(), acceptance_rate=acceptance))["GML0710"]
    assert found.message == (
        "1 chain of 16 hardly moved: chain 5 accepts 1.0% of its proposals"
    )


def test_nothing_accepted() -> None:
    positions = np.broadcast_to(independent()[:1], (100, 5, 16))
    fit = with_stats(schools(positions), acceptance_rate=np.zeros((16, 100)))
    assert "GML0702" in problems(fit)


def test_slow_energy_matters_to_hmc_alone() -> None:
    energy = np.cumsum(np.random.default_rng(0).normal(size=(16, 100)), axis=1)
    fit = with_stats(schools(), energy=energy)
    assert "E-BFMI is 0.1" in problems(fit)["GML0711"].message
    assert "GML0711" not in problems(evolve(fit, sampler="mh"))


def test_heavy_tails_are_a_note() -> None:
    positions = independent(draws=400)
    positions[:, 2] = np.random.default_rng(1).standard_cauchy((400, 16))
    found = problems(schools(positions))["GML0712"]
    assert found.severity is Severity.NOTE
    assert found.message == "`theta[0]` has very heavy tails (and 1 more like it)"


def test_generated_values_are_not_judged() -> None:
    fit = schools()
    rows = [name for name in fit.summary().variables if name == "y_new"]
    assert rows
    assert all("y_new" not in problem.message for problem in fit.verdict.problems)


def test_too_few_draws_to_judge() -> None:
    fit = schools(independent(draws=3))
    assert str(fit.verdict) == (
        "3 draws a chain are too few to judge: take at least 4."
    )


def test_one_chain() -> None:
    text = str(schools(independent(draws=900, chains=1)).verdict)
    assert text.startswith("No problems found: 1 chain of 900 draws, at least ")


def test_a_model_without_parameters() -> None:
    positions = np.empty((10, 0, 4))
    fit = Fit(raw=raw(positions), source=_Nothing(), sampler="hmc")
    assert str(fit.verdict) == (
        "No problems found: 4 chains of 10 draws, no divergences."
    )
    assert fit.summary().names == ()
    assert "mean" in str(fit.summary())


class _Nothing:
    def variables(self) -> tuple[()]:
        return ()

    def chunks(self, names: list[str], positions: Any) -> Iterator[Any]:
        return iter(())
