"""Discrete parameters: those with finitely many values are summed out."""

from __future__ import annotations

from gml.check import mistakes, targets
from gml.check.scope import Mistake
from gml.ir.library import Distribution
from gml.ir.model import IntegerSupport, Role, Support, scalar_of
from gml.ir.nodes import Expr, Scalar
from gml.ir.ranges import linear
from gml.source import Span


def require_finite(
    left: targets.LeftSide, support: Support, distribution: Distribution
) -> None:
    """Mistake unless numbers and sizes say how many values there are."""
    why, help = None, "declare `data {name}: ..` if it is observed"
    if distribution.event_dims:
        why = f"`{distribution.name}` is over vectors"
    elif isinstance(support, IntegerSupport):
        lower, upper = support.lower, support.upper
        bounds = f"int<lower={_text(lower, 0)}, upper={_text(upper, 50)}>"
        help = f"give it bounds that hold its mass: `{left.name}: {bounds} ~ .."
        help += "`, or declare it as data"
        if lower is None or upper is None:
            why = f"`{distribution.name}` has infinitely many values"
        elif linear(lower) is None or linear(upper) is None:
            why = f"how many values `{left.name}` has depends on more than sizes"
    if why is not None:
        help = help.format(name=left.name)
        raise Mistake(mistakes.discrete_latent(left.span, left.name, why, help))


def _text(bound: Expr | None, otherwise: int) -> str:
    known = None if bound is None else linear(bound)
    return str(otherwise if known is None or known.sizes else known.constant)


def require_discrete(
    left: targets.LeftSide, role: Role, distribution: Distribution, span: Span
) -> None:
    """Mistake if there is nothing that `@marginalize` could sum over."""
    why = None
    if role is Role.OBSERVED:
        why = f"`{left.name}` is data"
    elif scalar_of(distribution.support) is Scalar.REAL:
        why = f"`{distribution.name}` is continuous"
    elif role is Role.GENERATED:
        why = f"no data depend on `{left.name}`"
    if why is not None:
        raise Mistake(mistakes.nothing_to_sum(span, left.name, why))
