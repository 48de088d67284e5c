"""Reads through arrays that are copies of others.

An unbounded latent is a copy of its position. Read directly, neither it nor its adjoint
needs an array.
"""

from __future__ import annotations

from attrs import evolve

from gml.ir.nodes import Density, Expr, Read
from gml.ir.traverse import map_statement, transform
from gml.passes.definitions import defined_value, whole_definitions


def inline_copies(density: Density) -> Density:
    """The density with each read of a copy as a read of the original.

    Parameters
    ----------
    density
        Before differentiation. The copies stay for prune_dead to remove.
    """
    copies = {
        name: let
        for name, let in whole_definitions(density).items()
        if isinstance(let.value, Read)
    }

    def original(node: Expr) -> Expr:
        while isinstance(node, Read) and node.array in copies:
            node = defined_value(node, copies[node.array])
        return node

    body = tuple(
        map_statement(stmt, lambda expr: transform(expr, original))
        for stmt in density.body
    )
    return evolve(density, body=body)
