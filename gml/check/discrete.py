"""Discrete parameters: summed out, which takes finitely many values, or sampled."""

from __future__ import annotations

from gml.check import mistakes, targets
from gml.check.scope import Mistake
from gml.ir.library import Distribution
from gml.ir.model import IntegerSupport, Role, Support, scalar_of
from gml.ir.nodes import Expr, Scalar
from gml.ir.ranges import linear
from gml.syntax import ast


def require_range(
    left: targets.LeftSide,
    support: Support,
    distribution: Distribution,
    is_sampled: bool,
) -> None:
    """Mistake unless numbers and sizes say which values there are.

    Those that are sampled may go on for ever.
    """
    why, help = None, "declare `data {name}: ..` if it is observed"
    if distribution.event_dims:
        why = f"`{distribution.name}` is over vectors"
    elif isinstance(support, IntegerSupport):
        lower, upper = support.lower, support.upper
        bounds = f"int<lower={_text(lower, 0)}, upper={_text(upper, 50)}>"
        help = f"give it bounds that hold its mass: `{left.name}: {bounds} ~ .."
        help += "`, or declare it as data"
        is_endless = upper is None and not is_sampled
        if lower is None or is_endless:
            why = f"`{distribution.name}` has infinitely many values"
        elif not all(b is None or linear(b) for b in (lower, upper)):
            why = f"how many values `{left.name}` has depends on more than sizes"
    if why is not None:
        help = help.format(name=left.name)
        raise Mistake(mistakes.discrete_latent(left.span, left.name, why, help))


def _text(bound: Expr | None, otherwise: int) -> str:
    known = None if bound is None else linear(bound)
    return str(otherwise if known is None or known.sizes else known.constant)


def require_discrete(
    left: targets.LeftSide,
    role: Role,
    distribution: Distribution,
    decorator: ast.Decorator,
) -> None:
    """Mistake if `@marginalize` or `@sample` is not before a discrete parameter."""
    why = None
    if role is Role.OBSERVED:
        why = f"`{left.name}` is data"
    elif scalar_of(distribution.support) is Scalar.REAL:
        why = f"`{distribution.name}` is continuous"
    elif role is Role.GENERATED:
        why = f"no data depend on `{left.name}`"
    if why is not None:
        word = decorator.name.name
        raise Mistake(mistakes.not_discrete(decorator.span, left.name, word, why))
