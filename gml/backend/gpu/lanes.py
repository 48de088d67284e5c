"""Which loops the lanes of a warp share out, and what that makes of arrays.

A loop of the function's outermost scope is shared out if no iteration needs what
another one wrote: lane l takes the iterations l, l + 32, .. of it. An array is then one
of

- whole: every lane has all of it, computed by each;
- partial: each lane has added what its iterations gave; a sum over lanes makes it whole
  before it is read, or in the end;
- owned: its first index is that of the loop wherever it is used, so that a lane has the
  rows of its own iterations and needs no others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from attrs import define, field, frozen

from gml.backend.fused.storage import GIVEN
from gml.backend.fused.values import (
    Index,
    Item,
    Literal,
    Load,
    Loop,
    Scope,
    Store,
    Value,
)
from gml.ir.nodes import SCORE, Array


@frozen
class Lanes:
    """A plan: loops by their id, arrays by name.

    Attributes
    ----------
    shared_out
        The loops of the outermost scope whose iterations are the lanes'.
    partial, owned
        Arrays that are not whole.
    completed
        The partial arrays to be made whole before an item of the outermost scope.
    by_columns
        Data whose first index is that of a loop that is shared out: it comes last in
        memory, so that lanes read one element beside the other.
    """

    shared_out: frozenset[int] = frozenset()
    partial: frozenset[str] = frozenset()
    owned: frozenset[str] = frozenset()
    completed: Mapping[int, tuple[str, ...]] = field(factory=dict)
    by_columns: frozenset[str] = frozenset()


@define
class _Use:
    """One access to an array: in which item of the outermost scope, and how."""

    place: int
    loop: Loop | None
    is_load: bool
    is_added: bool
    is_of_row: bool
    rank: int


def plan_lanes(
    root: Scope,
    arrays: Mapping[str, Array],
    results: Collection[str],
    is_worth_it: Callable[[Loop], bool],
) -> Lanes:
    """What can be shared out among lanes.

    Parameters
    ----------
    root
        The outermost scope of a function.
    arrays
        The arrays, by name.
    results
        Arrays that the function hands back: partial ones are summed up there.
    is_worth_it
        Whether a loop has iterations enough.
    """
    uses = _uses(root)
    chosen = {
        id(item): item
        for item in root.items
        if isinstance(item, Loop)
        and item.is_plate
        and not item.is_reverse
        and is_worth_it(item)
    }
    while True:
        owned = {
            name
            for name, found in uses.items()
            if arrays[name].storage not in GIVEN
            and name not in {*results, SCORE}
            and _is_owned(found, chosen)
        }
        wrong = _conflicts(uses, arrays, owned, chosen)
        if not wrong:
            break
        for loop in wrong:
            chosen.pop(loop, None)
    partial = {
        name
        for name, found in uses.items()
        if arrays[name].storage not in GIVEN
        and name not in owned
        and _is_partial(name, found, chosen, results)
    }
    completed: dict[int, tuple[str, ...]] = {}
    for name in sorted(partial):
        loads = [use.place for use in uses[name] if use.is_load]
        if loads:
            first = min(loads)
            completed[first] = (*completed.get(first, ()), name)
    return Lanes(
        frozenset(chosen),
        frozenset(partial),
        frozenset(owned),
        completed,
        frozenset(
            name
            for name, found in uses.items()
            if arrays[name].storage in GIVEN and _is_by_columns(found, chosen)
        ),
    )


# ------------------------------------------------------------------------ accesses


def _uses(root: Scope) -> dict[str, list[_Use]]:
    uses: dict[str, list[_Use]] = {}
    for place, item in enumerate(root.items):
        loop = item if isinstance(item, Loop) else None
        for inner in _within(item):
            match inner:
                case Store(array=array, indices=indices, is_added=is_added):
                    use = _Use(place, loop, False, is_added, _is_row(indices, loop), 0)
                case Value(operation=Load(array=array), arguments=indices):
                    is_row = _is_row(indices, loop)
                    use = _Use(place, loop, True, False, is_row, len(indices))
                case _:
                    continue
            uses.setdefault(array, []).append(use)
    return uses


def _within(item: Item) -> Iterator[Item]:
    yield item
    if isinstance(item, Loop):
        for inner in item.scope.items:
            yield from _within(inner)


def _is_row(indices: tuple[Value, ...], loop: Loop | None) -> bool:
    """Whether the first index is the loop's own, and it alone."""
    if loop is None or not indices:
        return False
    here = Index(loop.scope)
    return indices[0].operation == here and not any(
        here == index.operation for index in indices[1:]
    )


# --------------------------------------------------------------------------- rules


def _starts_at_zero(loop: Loop) -> bool:
    operation = loop.lower.operation
    return isinstance(operation, Literal) and operation.value == 0


def _is_owned(uses: list[_Use], chosen: Mapping[int, Loop]) -> bool:
    return all(
        use.is_of_row
        and use.loop is not None
        and id(use.loop) in chosen
        and _starts_at_zero(use.loop)
        for use in uses
    )


def _conflicts(
    uses: Mapping[str, list[_Use]],
    arrays: Mapping[str, Array],
    owned: Collection[str],
    chosen: Mapping[int, Loop],
) -> set[int]:
    """Chosen loops that cannot be shared out after all."""
    wrong: set[int] = set()
    for name, found in uses.items():
        if name in owned or arrays[name].storage in GIVEN:
            continue
        first_load = min((use.place for use in found if use.is_load), default=None)
        # An array that is also set cannot be a sum of shares.
        is_sum = all(use.is_added for use in found if not use.is_load)
        for use in found:
            if use.loop is None or id(use.loop) not in chosen or use.is_load:
                continue
            too_late = first_load is not None and use.place >= first_load
            if not is_sum or too_late:
                wrong.add(id(use.loop))
    return wrong


def _is_partial(
    name: str,
    uses: list[_Use],
    chosen: Mapping[int, Loop],
    results: Collection[str],
) -> bool:
    stores = [use for use in uses if not use.is_load]
    if not stores or not all(use.is_added for use in stores):
        return False
    if name == SCORE:
        return True
    loads = [use.place for use in uses if use.is_load]
    if name in results and not loads:
        return True
    # Of one that is read, `_conflicts` has seen to it that lanes add shares before.
    return any(use.loop is not None and id(use.loop) in chosen for use in stores)


def _is_by_columns(uses: list[_Use], chosen: Mapping[int, Loop]) -> bool:
    inside = [use for use in uses if use.loop is not None and id(use.loop) in chosen]
    return bool(inside) and all(use.is_of_row and use.rank > 1 for use in inside)
