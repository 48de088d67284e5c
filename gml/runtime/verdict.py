"""What a run's diagnostics mean, in words: what is wrong, where, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from gml.diagnostics.diagnostic import Diagnostic, Label, Severity
from gml.diagnostics.render import render_text
from gml.runtime.diagnostics import MIN_DRAWS, bfmi, nested_rhat
from gml.runtime.differences import is_spreading, modes_apart
from gml.runtime.draws import Array, Draws, VariableInfo, VariableKind
from gml.runtime.settings import RHAT_TARGET, STUCK_ACCEPTANCE
from gml.runtime.summary import Summary

Mask = NDArray[np.bool_]

CONDITIONS = {
    "divergence": {"GML0703"},
    "rhat": {"GML0704"},
    "ess": {"GML0705"},
    "energy": {"GML0711"},
    "stuck": {"GML0702", "GML0710"},
}
"""What `--fail-on` knows."""

# Vehtari et al. (2021): R-hat and Monte Carlo errors are themselves reliable from
# 400 effective draws on.
LEAST_ESS = 400
LEAST_BFMI = 0.3  # Betancourt (2016)
# Divergences rarer than this are worth a word; more are a bias in what they avoid:
# a funnel's scale came out a tenth too narrow with 6 in 10,000.
TOLERABLE_DIVERGENCES = 2e-4
# Above it chains that agree as groups are no longer short but slow.
_SHORT_RHAT = 1.05
# Groups of chains for nested R-hat: eight of eight separated converged runs from
# others, measured on published posteriors.
NUM_SUPERCHAINS = 8
_LEAST_TO_LOCATE = 10  # divergences, below which their place says little


@frozen
class Verdict:
    """Problems, the gravest first, and what can be said for the run."""

    problems: tuple[Diagnostic, ...]
    praise: str

    @property
    def is_fine(self) -> bool:
        """Whether nothing worse than a note was found."""
        return all(p.severity is Severity.NOTE for p in self.problems)

    def failed(self, conditions: Iterable[str]) -> tuple[str, ...]:
        """Which of some conditions, keys of `CONDITIONS`, a script is to fail on.

        A rare divergence, which is a note, is no failure; an R-hat above 1.01 is.
        """
        grave = {p.code for p in self.problems if p.severity is not Severity.NOTE}
        found = grave | ({p.code for p in self.problems} & {"GML0704"})
        return tuple(c for c in conditions if found & CONDITIONS[c])

    def to_text(self, color: bool = False) -> str:
        """The verdict for a terminal."""
        parts = [render_text(problem, color) for problem in self.problems]
        if self.is_fine:
            parts.insert(0, self.praise)
        return "\n".join(parts)

    def __str__(self) -> str:
        return self.to_text()


@frozen
class Evidence:
    """What a verdict is made from.

    `summary` covers the draws, `stats` are arrays (chain, draw) under ArviZ's names,
    and `num_divergent` counts transitions of `num_transitions`, thinned ones included.
    `has_energy` says whether the sampler refreshes a momentum for whole trajectories,
    so that E-BFMI means something. `num_draws` of a chain is given where the summary
    covers some of them only.
    """

    summary: Summary
    draws: Draws
    stats: Mapping[str, Array]
    num_divergent: int = 0
    num_transitions: int = 0
    has_energy: bool = False
    num_draws: int | None = None

    def variable(self, row: int) -> VariableInfo:
        return self.draws.variable(self.summary.variables[row])

    def rows(self) -> NDArray[np.intp]:
        """Rows of latents and derived values; generated ones are fresh noise."""
        is_judged = [
            self.draws.variable(name).kind is not VariableKind.GENERATED
            for name in self.summary.variables
        ]
        return np.flatnonzero(is_judged)

    def label(self, row: int) -> Label | None:
        span = self.variable(row).span
        return Label(span) if span else None

    def bfmi(self) -> float | None:
        """E-BFMI of the median chain, where it means something."""
        if not self.has_energy or "energy" not in self.stats:
            return None
        fraction = bfmi(self.stats["energy"])
        fraction = fraction[np.isfinite(fraction)]
        return float(np.median(fraction)) if fraction.size else None

    def values(self, rows: NDArray[np.intp]) -> Array:
        """Draws (chain, draw, len(rows)) of rows of the summary."""
        columns = []
        for row in rows:
            array = self.draws[self.summary.variables[row]]
            flat = array.reshape(*array.shape[:2], -1)
            columns.append(flat[:, :, self.summary.elements[row]])
        return np.stack(columns, axis=2)


def judge(evidence: Evidence) -> Verdict:
    """Read the diagnostics of a run as an experienced colleague would."""
    num_chains, num_draws = next(iter(evidence.stats.values())).shape
    if num_draws < MIN_DRAWS:
        return Verdict(
            (), f"{num_draws} draws a chain are too few to judge: take at least 4."
        )
    problems = [
        *_stuck(evidence),
        *_divergences(evidence),
        *_disagreement(evidence),
        *_shortage(evidence),
        *_slow_energy(evidence),
        *_heavy_tails(evidence),
    ]
    problems.sort(key=lambda problem: problem.severity is Severity.NOTE)
    all_draws = evidence.num_draws or num_draws
    return Verdict(tuple(problems), _praise(evidence, num_chains, all_draws))


def _praise(evidence: Evidence, num_chains: int, num_draws: int) -> str:
    columns, rows = evidence.summary.columns, evidence.rows()
    r_hat = columns["r_hat"][rows]
    ess = np.concatenate([columns[name][rows] for name in ("ess_bulk", "ess_tail")])
    chains = "1 chain" if num_chains == 1 else f"{num_chains} chains"
    parts = [f"{chains} of {num_draws} draws"]
    if np.isfinite(r_hat).any():
        parts[0] += f" agree (R-hat at most {np.nanmax(r_hat):.3f})"
    if np.isfinite(ess).any():
        parts.append(f"at least {np.nanmin(ess):,.0f} effective draws")
    if "diverging" in evidence.stats and not evidence.num_divergent:
        parts.append("no divergences")
    if len(rows) and (fraction := evidence.bfmi()) is not None:
        parts.append(f"E-BFMI {fraction:.2f}")
    return f"No problems found: {', '.join(parts)}."


# ------------------------------------------------------------------ findings


def _stuck(evidence: Evidence) -> Iterator[Diagnostic]:
    if "acceptance_rate" not in evidence.stats:
        return
    acceptance = evidence.stats["acceptance_rate"].mean(axis=1)
    if not acceptance.any():
        yield Diagnostic(
            "GML0702",
            "every proposal was rejected: no chain has moved",
            help="let the warm-up run longer, or start nearer to the posterior",
            severity=Severity.WARNING,
        )
        return
    is_stuck = acceptance < STUCK_ACCEPTANCE
    if is_stuck.any():
        worst = int(np.argmin(acceptance))
        yield Diagnostic(
            "GML0710",
            f"{_count(int(is_stuck.sum()), 'chain')} of {len(acceptance)} hardly "
            f"moved: chain {worst} accepts {acceptance[worst]:.1%} of its proposals",
            help="such chains bias every estimate: run again with a longer --warmup",
            severity=Severity.WARNING,
        )


def _divergences(evidence: Evidence) -> Iterator[Diagnostic]:
    count, total = evidence.num_divergent, evidence.num_transitions
    if not count:
        return
    is_rare = count <= max(1, TOLERABLE_DIVERGENCES * total)
    place, row = _place_of_divergences(evidence)
    yield Diagnostic(
        "GML0703",
        f"{_count(count, 'transition')} of {total:,} diverged ({count / total:.2%})"
        f"{place}",
        evidence.label(row) if row is not None else None,
        notes=("the posterior is too curved there for the steps; draws are missing",),
        help="if it is the scale of other sites, write them with @noncentered; else "
        "keep away from there by a prior, or write the model in other parameters"
        if place
        else "scales of other sites are the usual place: write those with @noncentered",
        severity=Severity.NOTE if is_rare else Severity.WARNING,
    )


def _place_of_divergences(evidence: Evidence) -> tuple[str, int | None]:
    """The latent whose divergent draws are the least like the others."""
    is_divergent = np.asarray(evidence.stats["diverging"], dtype=bool)
    rows = _latent_rows(evidence)
    if is_divergent.sum() < _LEAST_TO_LOCATE or not len(rows):
        return "", None
    values = evidence.values(rows)
    centre = np.median(values[is_divergent], axis=0)
    # Ties count half: what never varies (a zero of a triangle) has no small side.
    is_below, is_tied = values < centre, values == centre
    share_below = is_below.mean(axis=(0, 1)) + is_tied.mean(axis=(0, 1)) / 2
    most = int(np.argmax(np.abs(share_below - 0.5)))
    if abs(share_below[most] - 0.5) < 0.25:  # inside the quartiles: no clear place
        return "", None
    side = "small" if share_below[most] < 0.5 else "large"
    name = evidence.summary.names[rows[most]]
    return f", mostly where `{name}` is {side}", int(rows[most])


def _disagreement(evidence: Evidence) -> Iterator[Diagnostic]:
    """R-hat too large; chains that are only short are told from ones that differ."""
    r_hat = evidence.summary.columns["r_hat"]
    rows = evidence.rows()
    bad = rows[r_hat[rows] > RHAT_TARGET]
    if not len(bad):
        return
    bad = bad[np.argsort(-r_hat[bad])]
    worst = int(bad[0])
    nested = _nested_rhat(evidence, bad[:20])
    agree = nested is not None and nested <= RHAT_TARGET
    is_short = agree and r_hat[worst] <= _SHORT_RHAT
    what, help = _difference(evidence, worst, agree, is_short)
    notes = () if nested is None else (f"nested R-hat is {nested:.3f}",)
    yield Diagnostic(
        "GML0704",
        f"{what}: R-hat of `{evidence.summary.names[worst]}` is {r_hat[worst]:.3f}"
        f"{_and_more(len(bad) - 1, f'above {RHAT_TARGET}')}",
        evidence.label(worst),
        notes=notes,
        help=help,
        severity=Severity.NOTE if is_short else Severity.WARNING,
    )


def _difference(
    evidence: Evidence, row: int, agree: bool, is_short: bool
) -> tuple[str, str]:
    """In what way chains differ, and what to do."""
    if is_short:
        help = "the chains agree as groups; more draws will bring R-hat down"
        return "chains are short", help
    values = evidence.values(np.array([row]))[:, :, 0]
    if groups := modes_apart(values):
        places = ", ".join(f"{n} near {centre:.3g}" for n, centre in groups[:4])
        help = (
            "how many there are in each says nothing of its mass: tell the modes apart "
            "by the model (`ordered`, a sign, a stronger prior)"
        )
        return f"chains are in modes that none leaves ({places})", help
    if is_spreading(values):
        help = "the posterior may be improper: give every parameter a proper prior"
        return "chains spread without end", help
    if agree:
        help = "draw more, or write the model in parameters with lighter tails"
        return "chains mix slowly", help
    return "chains disagree", "draw more, or look for parts that chains hardly reach"


def _nested_rhat(evidence: Evidence, rows: NDArray[np.intp]) -> float | None:
    """The largest nested R-hat of some rows, where there are chains to group."""
    values = evidence.values(rows)
    num_chains = len(values)
    if num_chains < 2 * NUM_SUPERCHAINS or num_chains % NUM_SUPERCHAINS:
        return None
    superchains = np.arange(num_chains) % NUM_SUPERCHAINS
    return float(np.max(nested_rhat(values, superchains)))


def _shortage(evidence: Evidence) -> Iterator[Diagnostic]:
    columns, rows = evidence.summary.columns, evidence.rows()
    least = np.fmin(columns["ess_bulk"], columns["ess_tail"])
    short = rows[least[rows] < LEAST_ESS]
    if not len(short):
        return
    worst = int(short[np.argmin(least[short])])
    is_tail = columns["ess_tail"][worst] == least[worst]
    what = "the 5% and 95% quantiles" if is_tail else "the mean"
    yield Diagnostic(
        "GML0705",
        f"`{evidence.summary.names[worst]}` has {least[worst]:.0f} effective draws "
        f"for {what}{_and_more(len(short) - 1, f'below {LEAST_ESS}')}",
        evidence.label(worst),
        help=f"{LEAST_ESS} make the estimates reliable: raise --draws, --thin or "
        "--chains",
        severity=Severity.WARNING,
    )


def _slow_energy(evidence: Evidence) -> Iterator[Diagnostic]:
    middle = evidence.bfmi()
    if middle is not None and middle < LEAST_BFMI:
        yield Diagnostic(
            "GML0711",
            f"the energy changes slowly between draws: E-BFMI is {middle:.2f} in the "
            f"median chain, and should be above {LEAST_BFMI}",
            notes=("the tails of the posterior are visited too rarely",),
            help="look for heavy tails, and for scales that need @noncentered",
            severity=Severity.WARNING,
        )


def _heavy_tails(evidence: Evidence) -> Iterator[Diagnostic]:
    """A spread made by rare draws: a normal's sd is 0.3 of its 5% to 95% range."""
    columns, rows = evidence.summary.columns, evidence.rows()
    spread = columns["95%"] - columns["5%"]
    heavy = rows[(columns["sd"] > spread)[rows] & (spread > 0)[rows]]
    if not len(heavy):
        return
    worst = int(heavy[np.argmax(columns["sd"][heavy] / spread[heavy])])
    yield Diagnostic(
        "GML0712",
        f"`{evidence.summary.names[worst]}` has very heavy tails"
        f"{_and_more(len(heavy) - 1, 'like it')}",
        evidence.label(worst),
        help="report its quantiles: rare draws decide its mean and sd",
        severity=Severity.NOTE,
    )


def _latent_rows(evidence: Evidence) -> NDArray[np.intp]:
    is_latent = [
        evidence.draws.variable(name).kind is VariableKind.LATENT
        for name in evidence.summary.variables
    ]
    return np.flatnonzero(is_latent)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _and_more(number: int, which: str) -> str:
    return f" (and {number} more {which})" if number else ""
