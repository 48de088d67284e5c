"""Which elements of discrete arrays a term depends on, and where it belongs then.

A cell is the indices of an element. A term that depends on one cell is part of the
weight of that cell's states; one that depends on two neighbours links them.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, frozen

from gml.ir import build
from gml.ir.nodes import Axis, Expr, Read, Reduce, Reduction, Var
from gml.ir.traverse import (
    arrays_read,
    free_vars,
    rename_bound,
    substitute,
    transform,
    walk,
)
from gml.lower.discrete import mistakes
from gml.lower.discrete.indices import Cell, normal, shifted, split_shift, step_between
from gml.lower.discrete.sizes import Sizes
from gml.lower.discrete.states import States
from gml.lower.discrete.summands import Summand


@frozen
class Use:
    """How a term depends on arrays: the cells, in order along a chain if there are two.

    The variables that its value binds are none of its axes'.
    """

    summand: Summand
    cells: tuple[Cell, ...]
    place: int | None = None

    @property
    def cell(self) -> Cell:
        """The one that the term belongs to: the later of two neighbours."""
        return self.cells[-1]


def use_of(
    summand: Summand, arrays: Mapping[str, States], others: Mapping[str, States]
) -> Use:
    """The cells of the arrays that a term reads.

    Raises
    ------
    GmlError
        If it reads more than two neighbours.
    """
    own = {axis.var for axis in summand.axes}
    value = rename_bound(summand.value, own)
    found: dict[Cell, str] = {}
    for node in walk(value):
        if not isinstance(node, Read) or node.array not in arrays:
            continue
        states = arrays[node.array]
        place = states.name, summand.span, states.span
        for index in node.indices:
            if free_vars(index) - own:
                raise mistakes.whole_array(*place)
            if any(name in arrays or name in others for name in arrays_read(index)):
                raise mistakes.random_place(*place)
        found[normal(node.indices)] = node.array
    summand = evolve(summand, value=value)
    cells = list(found)
    if len(cells) == 1:
        return Use(summand, (cells[0],))
    first = arrays[found[cells[0]]]
    if len(cells) == 2:
        for one, other in (cells, cells[::-1]):
            at = step_between(one, other)
            if at is not None:
                return Use(summand, (one, other), at)
    names = set(found.values())
    if len(cells) == 2 and len(names) == 2:
        last = found[cells[1]]
        raise mistakes.tangled(first.name, last, summand.span, first.span)
    raise mistakes.far_apart(first.name, summand.span, first.span)


# ------------------------------------------------------------------- alignment


@frozen
class Frame:
    """Index variables for the cells of arrays over some dims."""

    variables: tuple[str, ...]
    dims: tuple[str, ...]
    sizes: Sizes

    @property
    def cell(self) -> Cell:
        return tuple(Var(v) for v in self.variables)

    def axes(self, but: int | None = None) -> tuple[Axis, ...]:
        """Axes over all cells, or over all but one dim."""
        pairs = zip(self.variables, self.dims, strict=True)
        axes = [self.sizes.whole(var, dim) for var, dim in pairs]
        return tuple(axis for k, axis in enumerate(axes) if k != but)

    def aligned(self, use: Use, start: Mapping[int, int] | None = None) -> Expr | None:
        """A term as a function of the frame's variables, if it has one at each cell.

        `start` says where other ranges than whole dims begin, by the place of the dim;
        a place with the start -1 is the number 0 alone.
        """
        start = start or {}
        axes = {axis.var: axis for axis in use.summand.axes}
        at: dict[str, Expr] = {}
        for place, index in enumerate(use.cell):
            base, shift = split_shift(index)
            if start.get(place) == -1:
                if base is None and shift == 0:
                    continue
                return None
            if not isinstance(base, Var) or base.name in at or base.name not in axes:
                return None
            axis = axes[base.name]
            step = build.integer(shift)
            lower, upper = build.add(axis.lower, step), build.add(axis.upper, step)
            first = build.integer(start.get(place, 0))
            end = self.sizes.extent(self.dims[place])
            same = self.sizes.is_same
            if not (same(lower, first) and same(upper, end)):
                return None
            at[base.name] = shifted(Var(self.variables[place]), -shift)
        rest = [axis for axis in use.summand.axes if axis.var not in at]
        value = use.summand.value
        for axis in reversed(rest):
            value = Reduce(Reduction.SUM, axis, value)
        return substitute(value, at)


def at_states(value: Expr, numbers: Mapping[tuple[str, Cell], Expr]) -> Expr:
    """A value at given states of the cells it reads."""

    def rewrite(node: Expr) -> Expr:
        if isinstance(node, Read):
            return numbers.get((node.array, normal(node.indices)), node)
        return node

    return transform(value, rewrite)
