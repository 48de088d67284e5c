"""Which values are used, how often, and across which loops."""

from __future__ import annotations

from collections.abc import Collection

from attrs import define, field

from gml.backend.fused.values import (
    Fold,
    Load,
    Loop,
    Scope,
    Stop,
    Store,
    Total,
    Update,
    Value,
)

Segment = tuple[int, int]
"""A scope and how many of its loops and stops come before."""

BETWEEN = -1
"""In place of a number: what is between segments."""


@define
class Uses:
    """Facts about the values of a loop nest.

    `counts` has live values only; `shared` those that another segment uses than the
    one that computes them; `stored` the arrays that each segment writes.
    """

    counts: dict[int, int] = field(factory=dict)
    shared: set[int] = field(factory=set)
    stored: dict[Segment, set[str]] = field(factory=dict)
    labels: dict[int, str] = field(factory=dict)
    unread: frozenset[str] = frozenset()
    _loaded: set[str] = field(factory=set)
    _homes: dict[int, Segment] = field(factory=dict)

    @staticmethod
    def of(root: Scope, own_arrays: Collection[str] = ()) -> Uses:
        """The facts about a function's outermost scope and all within.

        Parameters
        ----------
        root
            The scope.
        own_arrays
            The arrays that nobody reads after the function.
        """
        unread = frozenset[str]()
        while True:  # what only a store used that is left out is not used
            uses = Uses(unread=unread)
            uses._place(root)
            uses._count(root)
            found = frozenset(own_arrays) - uses._loaded
            if found == unread:
                return uses
            unread = found

    def _place(self, scope: Scope) -> None:
        number = 0
        for item in scope.items:
            segment = (id(scope), number)
            match item:
                case Loop():
                    self._place(item.scope)
                    number += 1
                case Stop():
                    number += 1
                case Value(operation=Total(fold=fold), label=str(label)):
                    self._homes[id(item)] = segment
                    self.labels[id(fold)] = label
                case Value() | Fold():
                    self._homes[id(item)] = segment
                case Store(array=array):
                    self.stored.setdefault(segment, set()).add(array)
                case _:
                    pass

    def _count(self, scope: Scope) -> None:
        """From the last item to the first: users come before what they use."""
        number = sum(isinstance(item, Loop | Stop) for item in scope.items)
        for item in reversed(scope.items):
            segment = (id(scope), number)
            match item:
                case Loop():
                    number -= 1
                    self._count(item.scope)
                    self._use((item.lower, item.upper), (id(scope), number))
                case Stop(condition=condition):
                    number -= 1
                    self._use((condition,), (id(scope), BETWEEN))
                case Store(array=array) if array not in self.unread:
                    self._use((*item.indices, item.value), segment)
                case Update():
                    self._use((item.value,), segment)
                case Value(operation=operation) if id(item) in self.counts:
                    self._use(item.arguments, segment)
                    if isinstance(operation, Load):
                        self._loaded.add(operation.array)
                case _:
                    pass

    def _use(self, values: tuple[Value, ...], segment: Segment) -> None:
        for value in values:
            self.counts[id(value)] = self.counts.get(id(value), 0) + 1
            if self._homes[id(value)] != segment:
                self.shared.add(id(value))

    def is_read_before_write(self, value: Value) -> bool:
        """Whether the value loads from an array that its own segment writes."""
        operation = value.operation
        if not isinstance(operation, Load):
            return False
        return operation.array in self.stored.get(self._homes[id(value)], ())
