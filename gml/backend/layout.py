"""Where each site lies in the flat position vector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from gml.ir.nodes import (
    Apply,
    Axis,
    Const,
    Density,
    Expr,
    Reduce,
    Reduction,
    Site,
    Size,
    Var,
)

NO_VARIABLES: Mapping[str, int] = {}


def size_value(
    expr: Expr, sizes: Mapping[str, int], variables: Mapping[str, int] = NO_VARIABLES
) -> int:
    """The value of an extent or bound made of constants and sizes.

    Parameters
    ----------
    expr
        Const, Size, Var, and add or subtract of these.
    sizes
        The number of elements of each dim.
    variables
        Where the loops around stand.
    """
    match expr:
        case Const(value=value):
            return int(value)
        case Size(dim=dim):
            return sizes[dim]
        case Var(name=name) if name in variables:
            return variables[name]
        case Apply("add", (left, right)):
            terms = (size_value(e, sizes, variables) for e in (left, right))
            return sum(terms)
        case Apply("subtract", (left, right)):
            less = size_value(right, sizes, variables)
            return size_value(left, sizes, variables) - less
        case Reduce(Reduction.SUM, axis, body):
            values = axis_range(axis, sizes, variables)
            inner = ({**variables, axis.var: value} for value in values)
            return sum(size_value(body, sizes, each) for each in inner)
        case _:
            raise TypeError(f"not an extent: {expr}")


def axis_range(
    axis: Axis, sizes: Mapping[str, int], variables: Mapping[str, int] = NO_VARIABLES
) -> range:
    """The values of a loop's variable, given those of the loops around it."""
    first = size_value(axis.lower, sizes, variables)
    return range(first, size_value(axis.upper, sizes, variables))


def shape_value(shape: tuple[Expr, ...], sizes: Mapping[str, int]) -> tuple[int, ...]:
    """The numbers of an array's or a site's shape."""
    return tuple(size_value(extent, sizes) for extent in shape)


def site_slices(
    density: Density, sizes: Mapping[str, int]
) -> list[tuple[Site, slice, tuple[int, ...]]]:
    """Each site with its slice of the position and its unconstrained shape.

    Parameters
    ----------
    density
        The density whose sites they are.
    sizes
        The number of elements of each dim.

    Returns
    -------
    list
        In the order of the position vector; each slice is flattened in C order.
    """
    offsets = position_offsets(density.sites, sizes)
    return [
        (site, part, shape)
        for site, (_, part, shape) in zip(density.sites, offsets, strict=True)
    ]


def position_offsets(
    sites: Iterable[Site], sizes: Mapping[str, int]
) -> list[tuple[str, slice, tuple[int, ...]]]:
    """Each site's unconstrained array with its slice of the position and its shape."""
    offsets = []
    start = 0
    for site in sites:
        shape = shape_value(site.shape, sizes)
        stop = start + prod(shape)
        offsets.append((site.position, slice(start, stop), shape))
        start = stop
    return offsets


def position_dimension(density: Density, sizes: Mapping[str, int]) -> int:
    """The number of elements of the position vector."""
    return sum(prod(shape_value(site.shape, sizes)) for site in density.sites)
