"""Warnings of what a model declares and does not use."""

from __future__ import annotations

from collections.abc import Sequence

from gml.check import mistakes
from gml.check.declarations import Declarations
from gml.diagnostics.diagnostic import Report
from gml.ir.model import Definition, ModelFactor, ModelSite, Role


def warn(
    found: Declarations,
    pieces: Sequence[ModelSite | Definition | ModelFactor],
    report: Report,
) -> None:
    """Data that nothing refers to; sites of which none is observed."""
    used = frozenset[str]().union(*(e.references for e in found.entries))
    observed = {e.name for e in found.entries}
    for name, node in found.data.items():
        if name not in used and name not in observed:
            report.add(mistakes.unused_data(node.name.span, name))
    has_sites = any(isinstance(p, ModelSite) for p in pieces)
    if has_sites and not any(
        isinstance(p, ModelFactor)
        or (isinstance(p, ModelSite) and p.role in (Role.LATENT, Role.OBSERVED))
        for p in pieces
    ):
        report.add(mistakes.nothing_observed(None))
