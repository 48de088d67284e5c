"""Which discrete parameters to sum out next, and which together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

from gml.ir.nodes import Read
from gml.ir.traverse import walk
from gml.lower.discrete import mistakes
from gml.lower.discrete.indices import Cell, in_terms_of, normal, step_between
from gml.lower.discrete.states import States
from gml.lower.discrete.summands import Summand


def next_group(
    remaining: Mapping[str, States], summands: Sequence[Summand]
) -> tuple[States, ...]:
    """A parameter, or those of one chain.

    Those come first whose place determines that of all others which they share a term
    with: what is left of them is a term of those others. Independent ones come before
    chains, whose terms they then are.
    """
    chains = _chains(remaining, summands)
    order = {name: number for number, name in enumerate(remaining)}

    def key(name: str) -> tuple[bool, int, bool, int]:
        is_inner = all(_determines(name, s, remaining) for s in summands)
        # Later ones depend on earlier ones, more often than the other way round.
        return not is_inner, -len(remaining[name].dims), name in chains, -order[name]

    first = min(remaining, key=key)
    names = chains.get(first, {first})
    group = tuple(own for name, own in remaining.items() if name in names)
    for own in group[1:]:
        if own.dims != group[0].dims:
            raise mistakes.tangled(own.name, group[0].name, own.span, own.span)
    return group


def _determines(name: str, summand: Summand, remaining: Mapping[str, States]) -> bool:
    """Whether the cells of an array determine those of all others in a term."""
    reads = [
        node
        for node in walk(summand.value)
        if isinstance(node, Read) and node.array in remaining
    ]
    own = [read.indices for read in reads if read.array == name]
    return not own or all(
        in_terms_of(index, own[0], own[0]) is not None
        for read in reads
        for index in read.indices
    )


def _chains(
    remaining: Mapping[str, States], summands: Sequence[Summand]
) -> dict[str, set[str]]:
    """Parameters of which a term relates two elements, with those in the same chain.

    Two arrays are in one chain where a term relates an element of one to a neighbour of
    the other's, or where both are chains and share a term.
    """
    chained: set[str] = set()
    touching: list[set[str]] = []
    for summand in summands:
        cells: dict[tuple[str, ...], set[tuple[str, Cell]]] = {}
        for node in walk(summand.value):
            if isinstance(node, Read) and node.array in remaining:
                own = cells.setdefault(remaining[node.array].dims, set())
                own.add((node.array, normal(node.indices)))
        for found in cells.values():
            touching.append({name for name, _ in found})
            for (name, cell), (other, place) in permutations(found, 2):
                if name == other or step_between(cell, place) is not None:
                    chained |= {name, other}
    groups = {name: {name} for name in chained}
    for names in touching:
        merged = set[str]().union(*(groups[n] for n in names & chained))
        groups |= dict.fromkeys(merged, merged)
    return groups
