"""Sums over leading axes, accurate for many terms and the same on every run.

MLX's sums on a CPU add one term after another in float32, and its scatter-add on a GPU
adds in any order. Here long sums go through blocks, the score's go through
error-free additions, and sums by group are gathers into blocks: no scatter.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from gml.backend.graph.mlx_import import mx
from gml.backend.graph.trace import Trace
from gml.backend.graph.traced import Traced, call, where

# Below this many terms one sum is as good as two: its error, some 1e-6 of the sum,
# stays far below that of an energy that matters.
_DIRECT = 512
# Terms to a block: within a block float32 adds terms of like size, and the second
# stage has that many times fewer. Lengths near it that divide the number of terms
# save a remainder.
_BLOCK = 64
# Up to here two plain stages keep a score of N terms near 1 to 1e-3.
_TWO_STAGE = 4096


def leading_sum(trace: Trace, x: mx.array, num_axes: int) -> mx.array:
    """The sum over the first axes, in blocks where they are long.

    Where no axis but the chains' remains, one of length one is kept: scalars then need
    no reshaping on their way into the gradient.
    """
    if num_axes == 0:
        return x
    length = prod(x.shape[:num_axes])
    is_scalar = x.ndim == num_axes + 1
    rows = trace.reshape(x, (length, *x.shape[num_axes:])) if is_scalar else x
    if length == 1:
        return trace.reshape(rows, rows.shape if is_scalar else x.shape[num_axes:])
    if length <= _DIRECT:
        axes = (0,) if is_scalar else tuple(range(num_axes))
        return trace(mx.sum, rows, axis=axes, keepdims=is_scalar)
    rows = trace.reshape(rows, (length, *x.shape[num_axes:]))
    return leading_sum(trace, _block_sums(trace, rows), 1)


def _block_sums(trace: Trace, rows: mx.array) -> mx.array:
    length, *rest = rows.shape
    block = next((b for b in _block_lengths() if length % b == 0), _BLOCK)
    whole = length - length % block
    blocks = trace.reshape(
        trace.rows(rows, 0, 0, whole), (whole // block, block, *rest)
    )
    sums = [trace(mx.sum, blocks, axis=1)]
    if whole < length:
        remainder = trace.rows(rows, 0, whole, length)
        sums.append(trace(mx.sum, remainder, axis=0, keepdims=True))
    return trace.concatenate(sums, 0)


def _block_lengths() -> list[int]:
    return sorted(range(_BLOCK // 2, _BLOCK * 3 // 2), key=lambda b: abs(b - _BLOCK))


# ------------------------------------------------------------------- the score

Pair = tuple[Traced, Traced | None]
"""A sum and the rounding error it lacks (None: not tracked)."""


def total_score(
    trace: Trace, parts: Sequence[mx.array], centre: tuple[mx.array, mx.array] | None
) -> mx.array:
    """The sum of all elements of each chain, less `centre`.

    Parameters
    ----------
    trace
        Where the operations go.
    parts
        Arrays (.., chains).
    centre
        The high and low part of a number near the sum. A float32 score of 1e6 is a
        multiple of 1/16; its distance from a nearby number is exact enough to compare
        energies.
    """
    pairs = [_total(trace, part) for part in parts]
    if centre is not None:
        high, low = (Traced(trace, x) for x in centre)
        pairs.append((-high, -low))
    is_tracked = any(error is not None for _, error in pairs)
    total, total_error = pairs[0]
    for value, error in pairs[1:]:
        if is_tracked:
            total, lost = _two_sum(total, value)
            total_error = _plus(_plus(total_error, error), lost)
        else:
            total = total + value
    if total_error is not None:
        # The error of an infinite sum is NaN and says nothing.
        is_known = call(mx.equal, total_error, total_error)
        total = where(is_known, total + total_error, total)
    return total.array


def _total(trace: Trace, part: mx.array) -> Pair:
    *lengths, chains = part.shape or (1,)
    count = prod(lengths)
    if count == 1:
        return Traced(trace, part), None
    if count <= _TWO_STAGE:
        return Traced(trace, leading_sum(trace, part, len(lengths))), None
    sums = _block_sums(trace, trace.reshape(part, (count, chains)))
    return _compensated(trace, sums)


def _compensated(trace: Trace, rows: mx.array) -> Pair:
    """The sum over the first axis by a tree of error-free additions (Knuth)."""
    length, chains = rows.shape
    missing = (1 << (length - 1).bit_length()) - length
    if missing:
        zeros = trace.broadcast(trace.constants.number(0.0), (missing, chains))
        rows = trace.concatenate([rows, zeros], 0)
    error: Traced | None = None
    while rows.shape[0] > 1:
        total, lost = _two_sum(*_halves(trace, rows))
        if error is not None:
            first, second = _halves(trace, error.array)
            lost = (first + second) + lost
        rows, error = total.array, lost
    return Traced(trace, rows), error


def _halves(trace: Trace, rows: mx.array) -> tuple[Traced, Traced]:
    length = rows.shape[0]
    parts = ((0, length // 2), (length // 2, length))
    first, second = (Traced(trace, trace.rows(rows, 0, a, b)) for a, b in parts)
    return first, second


def _two_sum(a: Traced, b: Traced) -> tuple[Traced, Traced]:
    total = a + b
    b_part = total - a
    return total, (a - (total - b_part)) + (b - b_part)


def _plus(a: Traced | None, b: Traced | None) -> Traced | None:
    if a is None or b is None:
        return a if b is None else b
    return a + b


# -------------------------------------------------------------- sums by group


@frozen(eq=False)
class GroupLevel:
    """One gather and sum: `width` rows for each segment, one past the end for none."""

    rows: NDArray[np.int64]
    width: int
    needs_zero: bool


def group_plan(
    groups: NDArray[Any], num_groups: int, most_rows: int | None = None
) -> list[GroupLevel]:
    """How to sum rows by group: gathers into equal segments, level by level.

    Parameters
    ----------
    groups
        The group of each row.
    num_groups
        Segments of the last level are the groups, in order.
    most_rows
        What a level may gather besides padding; by default, the number of rows.

    Returns
    -------
    list of GroupLevel
        One level when the groups are of like size, so that padding them to the largest
        at most doubles the work; else segments of the mean size are summed first.
    """
    most_rows = len(groups) if most_rows is None else most_rows
    counts = np.bincount(groups, minlength=num_groups)
    largest = max(int(counts.max(initial=0)), 1)
    width = largest
    if num_groups * largest > 2 * most_rows + num_groups:
        width = max(-(-most_rows // num_groups), 2)
    segments = np.maximum(-(-counts // width), 1)
    first_segment = np.cumsum(segments) - segments
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    place = np.arange(len(groups)) - (np.cumsum(counts) - counts)[ordered]
    rows = np.full((int(segments.sum()), width), len(groups), np.int64)
    rows[first_segment[ordered] + place // width, place % width] = order
    level = GroupLevel(rows.reshape(-1), width, bool((rows == len(groups)).any()))
    if segments.max(initial=1) == 1:
        return [level]
    owners = np.repeat(np.arange(num_groups), segments)
    return [level, *group_plan(owners, num_groups, most_rows)]


def group_sums(trace: Trace, x: mx.array, plan: list[GroupLevel]) -> mx.array:
    """Sums of the rows (first axis) of each group."""
    for level in plan:
        rest = x.shape[1:]
        if level.needs_zero:
            zero = trace.broadcast(trace.constants.number(0.0), (1, *rest))
            x = trace.concatenate([x, zero], 0)
        gathered = trace(mx.take, x, trace.constants.index(level.rows), axis=0)
        shape = (level.rows.size // level.width, level.width, *rest)
        segments = trace.reshape(gathered, shape)
        x = trace(mx.sum, segments, axis=1)
    return x
