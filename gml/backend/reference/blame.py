"""Why a score is not finite: the first site, element and line to blame."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from gml.backend.layout import position_offsets, size_value
from gml.backend.reference.evaluator import Evaluator
from gml.backend.reference.special import Values
from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.ir.liveness import reads_of
from gml.ir.nodes import (
    Add,
    Array,
    Density,
    Let,
    Scalar,
    Scan,
    Storage,
    TermKind,
    Var,
)
from gml.ir.traverse import arrays_written

BLAMED = "blamed term"
WORDS = {
    TermKind.PRIOR: "the prior of",
    TermKind.LIKELIHOOD: "the likelihood of",
    TermKind.FACTOR: "the factor",
    TermKind.JACOBIAN: "the transform of",
}


def blame(
    density: Density,
    sizes: Mapping[str, int],
    data: Mapping[str, ArrayLike],
    position: Values,
) -> Diagnostic:
    """Trace a non-finite score of a density as it was lowered.

    Parameters
    ----------
    density
        Before any pass: its terms are still those that the user wrote.
    position : (ndim,) array
        Where the score is not finite.
    """
    evaluator = Evaluator(density.arrays, sizes)
    for array in density.arrays:
        if array.storage is Storage.DATA:
            evaluator.bind(array.name, data[array.name])
    for name, part, shape in position_offsets(density.sites, sizes):
        evaluator.bind(name, np.asarray(position[part], np.float64).reshape(shape))
    for stmt in density.body:
        if isinstance(stmt, Add) and stmt.term is not None:
            found = _blamed(stmt, density, sizes, evaluator)
            if found is not None:
                return found
        else:
            evaluator.run([stmt])
            if isinstance(stmt, Scan) and _is_unsolved(stmt, density, evaluator):
                return _unsolved(stmt)
    return Diagnostic(
        "GML0701",
        "no finite start: the gradient is not finite at any of the points tried",
        help="bring the scale of the parameters nearer to 1, or tighten the priors",
    )


def _is_unsolved(scan: Scan, density: Density, evaluator: Evaluator) -> bool:
    """Whether an equation has no solution although all that it needs is finite."""
    if not scan.is_closed:
        return False
    written = arrays_written(scan)
    needed = reads_of(scan) - written
    made = {n for n in written if density.array(n).storage is Storage.LOCAL}
    results = made & frozenset[str]().union(*map(reads_of, density.body))
    return all(_is_finite(evaluator, name) for name in needed) and not all(
        _is_finite(evaluator, name) for name in results - _iterated(scan)
    )


def _iterated(scan: Scan) -> frozenset[str]:
    """What the loops of unknown length define: made anew in each iteration."""
    found = frozenset[str]()
    for stmt in scan.body:
        if isinstance(stmt, Scan):
            found |= arrays_written(stmt) if stmt.goes_on else _iterated(stmt)
    return found


def _is_finite(evaluator: Evaluator, name: str) -> bool:
    return bool(np.isfinite(evaluator.value(name)).all())


def _unsolved(scan: Scan) -> Diagnostic:
    return Diagnostic(
        "GML0701",
        "no finite start: the equation has no solution at any point tried",
        Label(scan.span, "needs too many steps, or runs to infinity")
        if scan.span
        else None,
        help="tighten the priors of its arguments; if it is stiff, or has many "
        "steps between two times, set `max_steps=10000`",
    )


def _blamed(
    stmt: Add, density: Density, sizes: Mapping[str, int], evaluator: Evaluator
) -> Diagnostic | None:
    """The first non-finite element of a term."""
    assert stmt.term is not None
    shape = tuple(axis.upper for axis in stmt.axes)
    array = Array(BLAMED, Scalar.REAL, shape, Storage.LOCAL)
    own = Evaluator([*density.arrays, array], sizes)
    own.adopt(evaluator)
    indices = tuple(Var(axis.var) for axis in stmt.axes)
    own.run([Let(BLAMED, indices, stmt.axes, stmt.value)])
    start = [size_value(axis.lower, sizes) for axis in stmt.axes]
    values = np.asarray(own.value(BLAMED))[tuple(slice(s, None) for s in start)]
    bad = np.argwhere(~np.isfinite(values))
    if not len(bad):
        return None
    first = [int(i) + s for i, s in zip(bad[0], start, strict=True)]
    place = f"[{', '.join(map(str, first))}]" if first else ""
    value = float(values[tuple(bad[0])])
    what = WORDS[stmt.term.kind]
    name = "" if stmt.term.kind is TermKind.FACTOR else f" `{stmt.term.site}{place}`"
    return Diagnostic(
        "GML0701",
        f"no finite start: {what}{name} is {value} at every point tried",
        Label(stmt.span, f"{len(bad)} of {values.size} terms are not finite here")
        if stmt.span
        else None,
        help="check that the data fit the distribution, and the ranges of the "
        "parameters",
    )
