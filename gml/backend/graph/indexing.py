"""Reading array elements over a scope: views where possible, else gathers."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from gml.backend.graph.mlx_import import mx
from gml.backend.graph.scope import Scope
from gml.backend.graph.storage import Region
from gml.backend.graph.trace import Trace, without_leading_ones
from gml.ir.nodes import Expr

Values = NDArray[Any]


@frozen
class Fixed:
    """One element."""

    start: int


@frozen
class Along:
    """Consecutive elements, one for each value of the variable at a depth."""

    depth: int
    start: int
    length: int


@frozen(eq=False)
class Gather:
    """Any elements: an index for each point of the scope, and these in one row."""

    values: Values
    flat: Values

    @property
    def depths(self) -> tuple[int, ...]:
        """The variables it varies with, outermost first."""
        ndim = self.values.ndim
        return tuple(ndim - 1 - k for k, n in enumerate(self.values.shape) if n > 1)


Index = Fixed | Along | Gather


def classified(scope: Scope, expr: Expr, extent: int) -> Index:
    """What an index expression selects along an axis.

    Out of range it is moved to the nearest element: the language checks ranges, so
    this happens only in branches that are not taken. Scopes outlive traces: what was
    found once is kept there.
    """
    return scope.kept((id(expr), extent), lambda: _classified(scope, expr, extent))


def _classified(scope: Scope, expr: Expr, extent: int) -> Index:
    values = np.clip(scope.known(expr)[..., 0], 0, max(extent - 1, 0))
    if values.size == 1:
        return Fixed(int(values.flat[0]))
    varying = [axis for axis, length in enumerate(values.shape) if length > 1]
    if len(varying) == 1:
        flat, start = values.ravel(), int(values.flat[0])
        if np.array_equal(flat, np.arange(start, start + flat.size)):
            return Along(values.ndim - 1 - varying[0], start, flat.size)
    return Gather(values, values.reshape(-1))


def region_of(indices: list[Index], shape: tuple[int, ...]) -> Region:
    """The smallest region with all the elements; all of a gathered axis."""
    region: list[tuple[int, int]] = []
    for index, extent in zip(indices, shape, strict=True):
        match index:
            case Fixed(start=start):
                region.append((start, start + 1))
            case Along(start=start, length=length):
                region.append((start, start + length))
            case Gather():
                region.append((0, extent))
    return tuple(region)


def has_one_place_each(indices: list[Index]) -> bool:
    """Whether no variable is used twice and at most one axis is gathered."""
    depths = [i.depth for i in indices if isinstance(i, Along)]
    gathers = [i for i in indices if isinstance(i, Gather)]
    used = depths + [d for g in gathers for d in g.depths]
    return len(gathers) <= 1 and len(used) == len(set(used))


def flattened(indices: list[Index], shape: tuple[int, ...]) -> Gather:
    """Indices into the flattened array, over the scope."""
    flat: Values = np.zeros((), np.int64)
    for index, extent in zip(indices, shape, strict=True):
        match index:
            case Fixed(start=start):
                values: Values = np.array(start)
            case Along(depth=depth, start=start, length=length):
                values = np.arange(start, start + length)
                values = values.reshape((-1,) + (1,) * depth)
            case Gather(values=values):
                pass
        flat = flat * extent + values
    return Gather(flat, flat.reshape(-1))


def elements(trace: Trace, part: mx.array, indices: list[Index]) -> mx.array:
    """The values over the scope of an array read at indices, at most one a gather.

    Parameters
    ----------
    trace
        Where the operations go.
    part
        Its elements in the indices' region.
    indices
        One for each axis.
    """
    labels: list[int | None] = []
    for index in indices:
        match index:
            case Fixed():
                labels.append(None)
            case Along(depth=depth):
                labels.append(depth)
            case Gather():
                part = _taken(trace, part, index, len(labels))
                labels += index.depths
    return arranged(trace, part, labels)


def _taken(trace: Trace, x: mx.array, index: Gather, axis: int) -> mx.array:
    """Axis `axis` replaced by the axes along which the indices vary."""
    lengths = tuple(n for n in index.values.shape if n > 1)
    taken = trace(mx.take, x, trace.constants.index(index.flat), axis=axis)
    shape = (*x.shape[:axis], *lengths, *x.shape[axis + 1 :])
    return trace.reshape(taken, shape)


def gathered(trace: Trace, whole: mx.array, index: Gather) -> mx.array:
    """The values over the scope of an array read at indices into it flattened."""
    rows = trace.reshape(whole, (whole.size // whole.shape[-1], whole.shape[-1]))
    taken = trace(mx.take, rows, trace.constants.index(index.flat), axis=0)
    return trace.reshape(taken, (*index.values.shape, whole.shape[-1]))


def arranged(trace: Trace, x: mx.array, labels: list[int | None]) -> mx.array:
    """Axes put in the order of a scope: by falling depth, gaps of length one.

    Parameters
    ----------
    trace
        Where the operations go.
    x
        An array with chains last.
    labels
        The depth of each other axis; None for an axis of length one.
    """
    depths = [d for d in labels if d is not None]
    by_depth = sorted(depths, reverse=True)
    if depths != by_depth:
        place = {d: axis for axis, d in enumerate(labels) if d is not None}
        order = [place[d] for d in by_depth]
        order = [a for a, d in enumerate(labels) if d is None] + order
        x = trace.transpose(x, (*order, x.ndim - 1))
        labels = [labels[axis] for axis in order]
    length = {d: x.shape[a] for a, d in enumerate(labels) if d is not None}
    top = max(depths, default=-1)
    shape = tuple(length.get(d, 1) for d in range(top, -1, -1)) + x.shape[-1:]
    if without_leading_ones(shape) == without_leading_ones(x.shape):
        return x
    return trace.reshape(x, shape)


def to_axes(trace: Trace, x: mx.array, depths: list[int | None]) -> mx.array:
    """The inverse of `arranged`: an axis for each entry of `depths`, chains last.

    Depths that are not listed have length one in `x`; None makes an axis of length one.
    """
    top = max((d for d in depths if d is not None), default=-1)
    ndim = max(top + 2, x.ndim)
    shape = (1,) * (ndim - x.ndim) + x.shape
    order = [ndim - 2 - d for d in depths if d is not None]
    target = tuple(1 if d is None else shape[ndim - 2 - d] for d in depths)
    target += shape[-1:]
    if order != sorted(order):
        rest = [a for a in range(ndim - 1) if a not in order]
        x = trace.reshape(x, shape)
        x = trace.transpose(x, (*rest, *order, ndim - 1))
    return trace.reshape(x, target)
