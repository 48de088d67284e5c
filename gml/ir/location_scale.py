"""The location and the scale of a distribution with a non-centred form.

Where `x = mu + sigma * z`, the unconstrained coordinates of x and z differ by a
location and a scale. So they do where x and z have a bound that goes along, such as
`x = sigma * z` of positive numbers, whose logarithms differ by log(sigma); and where
`x = exp(mu + sigma * z)`.
"""

from __future__ import annotations

from attrs import frozen

from gml.ir.build import ONE, ZERO, add, apply, divide, is_const, multiply, negate
from gml.ir.build import subtract as minus
from gml.ir.library import Actual, Distribution, Reparametrisation, instantiate
from gml.ir.nodes import Apply, Expr, Read
from gml.ir.supports import RealSupport
from gml.ir.traverse import arrays_read

NONCENTERED = "noncentered"
"""The form of a distribution that `@noncentered` takes."""


@frozen
class LocationScale:
    """The coordinate of x is `shift + scale` times that of z, in the formals."""

    shift: Expr
    scale: Expr


def base_support(form: Reparametrisation, base: Distribution) -> RealSupport:
    """Where z lies, in the formals of the distribution of x."""
    assert isinstance(base.support, RealSupport)
    actuals = {name: Actual(value) for name, value in form.arguments}
    lower, upper = (
        None if bound is None else instantiate(bound, actuals, {})
        for bound in (base.support.lower, base.support.upper)
    )
    return RealSupport(lower, upper)


def location_scale(
    distribution: Distribution, base: Distribution
) -> LocationScale | None:
    """None where there is no such pair, or none that can be read off."""
    form = distribution.reparametrisations[NONCENTERED]
    own, z = distribution.support, form.variable
    if not isinstance(own, RealSupport) or form.dims:
        return None
    inner = base_support(form, base)
    if own.upper is not None or inner.upper is not None:
        return None
    if own.lower is None or inner.lower is None:
        return _of_reals(form.result, z, own, inner)
    parts = _affine(form.result, z)
    if parts is None:
        return None
    bound = add(parts[0], multiply(parts[1], inner.lower))
    if bound != own.lower:
        return None
    return LocationScale(apply("log", parts[1]), ONE)


def _of_reals(
    result: Expr, z: str, own: RealSupport, inner: RealSupport
) -> LocationScale | None:
    """Of a z without bounds: x has none either, or is the exponential of such a one."""
    if inner.lower is not None:
        return None
    if own.lower is None:
        parts = _affine(result, z)
        return None if parts is None else LocationScale(*parts)
    match result:
        case Apply("exp", (exponent,)) if is_const(own.lower, 0):
            parts = _affine(exponent, z)
            return None if parts is None else LocationScale(*parts)
        case _:
            return None


def _affine(expr: Expr, z: str) -> tuple[Expr, Expr] | None:
    """`a` and `b` of an expression that is written as `a + b * z`."""
    if z not in arrays_read(expr):
        return expr, ZERO
    match expr:
        case Read(array=array) if array == z:
            return ZERO, ONE
        case Apply("negate", (operand,)):
            parts = _affine(operand, z)
            return None if parts is None else (negate(parts[0]), negate(parts[1]))
        case Apply("add" | "subtract" as name, (left, right)):
            first, second = _affine(left, z), _affine(right, z)
            if first is None or second is None:
                return None
            join = add if name == "add" else minus
            return join(first[0], second[0]), join(first[1], second[1])
        case Apply("multiply", (left, right)):
            return _product(left, right, z)
        case Apply("divide", (left, right)) if z not in arrays_read(right):
            parts = _affine(left, z)
            if parts is None:
                return None
            shift = parts[0] if is_const(parts[0], 0) else divide(parts[0], right)
            return shift, divide(parts[1], right)
        case _:
            return None


def _product(left: Expr, right: Expr, z: str) -> tuple[Expr, Expr] | None:
    if z in arrays_read(left):
        left, right = right, left
    parts = None if z in arrays_read(left) else _affine(right, z)
    return (
        None if parts is None else (multiply(left, parts[0]), multiply(left, parts[1]))
    )
