"""Names that need one another with no loop to make them a recurrence."""

from __future__ import annotations

from gml.check import mistakes
from gml.check.declarations import Declarations
from gml.check.graph import cycle
from gml.check.names import value_names
from gml.diagnostics.diagnostic import Diagnostic
from gml.syntax import ast


def circular_definition(found: Declarations, names: list[str]) -> Diagnostic:
    """Names that need one another with no loop to make them a recurrence."""
    uses = {
        name: frozenset[str]().union(*(e.references for e in found.entries_of(name)))
        for name in names
    }
    first, *others = cycle(names, uses)
    entries = {n: found.entries_of(n)[0].node for n in names}
    if not others:
        uses_itself = next(
            use.span
            for entry in found.entries_of(first)
            for use in value_names(entry.node)
            if use.name == first
        )
        is_site = isinstance(entries[first], ast.Sample)
        return mistakes.self_defined(uses_itself, first, is_site)
    places = {
        n: e.target.name.span
        for n, e in entries.items()
        if not isinstance(e, ast.Factor)
    }
    return mistakes.circular(
        places[first], [first, *others], [(n, places[n]) for n in others]
    )
