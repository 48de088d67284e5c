"""Other discrete parameters that arrays of sums depend on: an axis for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from attrs import frozen

from gml.ir.nodes import Axis, Expr, Read, Var
from gml.ir.traverse import free_vars, transform, walk
from gml.lower.discrete.indices import Cell, normal
from gml.lower.discrete.sizes import Sizes
from gml.lower.discrete.states import States


@frozen
class Others:
    """Cells of other parameters, in terms of a frame's variables.

    Arrays of sums have an axis over the states of each, in this order.
    """

    reads: tuple[tuple[States, Cell, str], ...]

    @property
    def dims(self) -> tuple[str, ...]:
        return tuple(states.dim for states, _, _ in self.reads)

    @property
    def variables(self) -> tuple[Expr, ...]:
        return tuple(Var(var) for _, _, var in self.reads)

    @property
    def numbers(self) -> tuple[Expr, ...]:
        """The states that they are in."""
        return tuple(Read(states.name, cell) for states, cell, _ in self.reads)

    def axes(self, sizes: Sizes) -> tuple[Axis, ...]:
        return tuple(sizes.whole(var, states.dim) for states, _, var in self.reads)

    def by_state(self, value: Expr) -> Expr:
        """A value at states of the others, which are index variables then."""
        variables = {(s.name, cell): Var(var) for s, cell, var in self.reads}

        def rewrite(node: Expr) -> Expr:
            if isinstance(node, Read):
                return variables.get((node.array, normal(node.indices)), node)
            return node

        return transform(value, rewrite)


def find_others(
    values: Iterable[Expr],
    others: Mapping[str, States],
    frame: Iterable[str],
    fresh: Callable[[str], str],
) -> Others | str:
    """The other parameters that values read, if a frame's variables say which cells.

    Else the name of one that does not fit.
    """
    known = frozenset(frame)
    found: dict[tuple[str, Cell], tuple[States, Cell, str]] = {}
    for node in (node for value in values for node in walk(value)):
        if not isinstance(node, Read) or node.array not in others:
            continue
        states, cell = others[node.array], normal(node.indices)
        if not all(free_vars(index) <= known for index in cell):
            return node.array
        if (states.name, cell) not in found:
            found[states.name, cell] = states, cell, fresh(states.now)
    return Others(tuple(found.values()))
