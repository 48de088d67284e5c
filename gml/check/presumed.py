"""What the arrays of a recurrence are taken to be before their values are checked."""

from __future__ import annotations

from collections.abc import Iterable

from gml.check import binding, distributions, mistakes, targets
from gml.check.declarations import Entry
from gml.check.interval import ANY, Interval
from gml.check.scope import ANY_DIM, ArrayName, Mistake, Scope
from gml.ir.model import IndexSupport, scalar_of
from gml.ir.nodes import Scalar
from gml.syntax import ast


def presume(name: str, entries: Iterable[Entry], scope: Scope) -> ArrayName:
    """A name's dims by its left sides, its kind by its distributions."""
    ranks: list[tuple[str, ...]] = []
    kinds = []
    for entry in entries:
        assert not isinstance(entry.node, ast.Factor)
        target = targets.without_bounds(entry.node.target)
        left = targets.left_side(entry, target, scope)
        declared = left.declared.dims if left.declared else ()
        ranks.append((*(p.dim or "" for p in left.places), *declared))
        kinds.append(_kind(entry, scope))
    dims = []
    for k in range(max(len(r) for r in ranks)):
        known = [r[k] for r in ranks if k < len(r) and r[k]]
        if not known:
            raise Mistake(mistakes.range_without_dim(left.span, name))
        dims.append(known[0])
    scalar, interval, index_of = kinds[0]
    if any(kind[0] is not scalar for kind in kinds):
        scalar, interval, index_of = Scalar.REAL, ANY, None
    return ArrayName(
        name, scalar, tuple(dims), interval, index_of, is_known=False, span=left.span
    )


def _kind(entry: Entry, scope: Scope) -> tuple[Scalar, Interval, str | None]:
    """The elements of a line: those of a discrete distribution may be indices."""
    node = entry.node
    if not isinstance(node, ast.Sample):
        return Scalar.REAL, ANY, None
    called = node.distribution
    match called:
        case ast.Call(function=ast.Name(name=name)) if distributions.is_wrapper(
            name, scope
        ):
            return Scalar.REAL, ANY, None  # its arguments are not known yet
    support = distributions.distribution_of(called, scope).support
    scalar = scalar_of(support)
    if scalar is Scalar.REAL:
        return Scalar.REAL, ANY, None
    index_of = ANY_DIM if isinstance(support, IndexSupport) else None
    return scalar, binding.interval_of_support(support), index_of
