"""Takes out of the score what rounding the factors of all its terms has put in.

In float32 a scale and its reciprocal, sigma = exp(u) and 1 / sigma, are off by up to
6e-8 of themselves: by the same for all data, so that with a million of them the score,
in which log(sigma) is exact, is off by a tenth. The error of a computed value times its
adjoint is the error of the score, to first order, and that is all of it here.

The adjoints are complete once all statements have run. Where data are few, nothing is
computed: the condition is one of sizes alone. In float64 both corrections are zero.
"""

from __future__ import annotations

from functools import reduce

from attrs import evolve

from gml.ir.build import ONE, ZERO, add, apply, integer, multiply, select
from gml.ir.nodes import SCORE, Add, Apply, Density, Expr, Let, Read, Size, Storage
from gml.passes.definitions import whole_definitions

FEW = 10_000
"""Elements of all dims up to which nothing is corrected: an error of 0.001."""


def compensate_rounding(density: Density) -> Density:
    """The density with such corrections of its score, at the end.

    Parameters
    ----------
    density
        With its gradient.
    """
    adjoints = {a.name for a in density.arrays if a.storage is Storage.ADJOINT}
    corrections: list[Expr] = []
    for name, let in whole_definitions(density).items():
        rounding = _rounding(let)
        if rounding is not None and f"d_{name}" in adjoints:
            corrections.append(multiply(Read(f"d_{name}", ()), rounding))
    if not corrections or not density.dims:
        return density
    sizes: list[Expr] = [Size(dim.name) for dim in density.dims]
    are_many = apply("less", integer(FEW), reduce(add, sizes))
    body = density.body
    for correction in corrections:
        value = select(are_many, correction, ZERO)
        body = (*body, Add(SCORE, (), (), value))
    return evolve(density, body=body)


def _rounding(let: Let) -> Expr | None:
    """What the value of a scalar was rounded by; None where that is not to be had."""
    if let.axes or let.indices:
        return None
    own = Read(let.array, ())
    match let.value:
        case Apply("exp", (x,)):
            return apply("exp_rounding", x, own)
        case Apply("divide", (one, x)) if one == ONE:
            return apply("reciprocal_rounding", x, own)
        case _:
            return None
