"""`@centered`, `@noncentered` and `@noncentered(auto)` above a `~` line."""

from __future__ import annotations

from attrs import frozen

from gml.check import discrete, mistakes
from gml.check.scope import Mistake, Scope
from gml.check.targets import LeftSide
from gml.ir.library import Distribution
from gml.ir.location_scale import NONCENTERED, location_scale
from gml.ir.model import RealSupport, Role
from gml.syntax import ast

CENTERED, AUTO = "centered", "auto"
OF_DISCRETE = ("marginalize", "sample")
DECORATORS = (NONCENTERED, CENTERED, *OF_DISCRETE)


@frozen
class Decorated:
    """How a site is to be sampled."""

    is_noncentered: bool = False
    is_auto: bool = False


def read_decorators(
    node: ast.Sample,
    role: Role,
    distribution: Distribution,
    left: LeftSide,
    scope: Scope,
) -> Decorated:
    """What the decorators of a line say, at most one of them."""
    for decorator in node.decorators:
        if decorator.name.name not in DECORATORS:
            raise Mistake(
                mistakes.unknown_decorator(decorator.span, decorator.name.name)
            )
    first, *rest = node.decorators or (None,)
    if first is None:
        return Decorated()
    if rest:
        raise Mistake(mistakes.two_decorators(rest[0].span, first.span))
    is_auto = _is_auto(first)
    if first.name.name in OF_DISCRETE:
        discrete.require_discrete(left, role, distribution, first)
        return Decorated()
    if first.name.name == CENTERED:
        return Decorated()
    why = _obstacle(role, distribution, left)
    if why is None and is_auto and not _has_pair(distribution, scope):
        why = f"`{distribution.name}` has no location and scale to choose between"
    if why is not None:
        raise Mistake(mistakes.cannot_noncentre(first.span, distribution.name, why))
    is_latent = role is Role.LATENT
    return Decorated(is_latent, is_latent and is_auto)


def _is_auto(decorator: ast.Decorator) -> bool:
    """Whether its one argument is `auto`; it may have no other."""
    match decorator.arguments:
        case ():
            return False
        case (ast.Argument(value=ast.Name(name="auto"), over=(), keyword=None),) if (
            decorator.name.name == NONCENTERED
        ):
            return True
        case arguments:
            span, name = arguments[-1].span, decorator.name.name
            raise Mistake(mistakes.decorator_argument(span, name))


def _obstacle(role: Role, distribution: Distribution, left: LeftSide) -> str | None:
    if role is Role.OBSERVED:
        return f"`{left.name}` is data"
    is_real = isinstance(distribution.support, RealSupport)
    if not is_real or NONCENTERED not in distribution.reparametrisations:
        return f"`{distribution.name}` has no location and scale of this kind"
    if left.declared is not None and left.declared.support != RealSupport():
        return f"the type of `{left.name}` changes the support"
    return None


def _has_pair(distribution: Distribution, scope: Scope) -> bool:
    form = distribution.reparametrisations[NONCENTERED]
    return location_scale(distribution, scope.distributions[form.base]) is not None
