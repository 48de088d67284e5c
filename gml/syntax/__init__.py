"""Text to syntax tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gml.diagnostics.diagnostic import GmlError
from gml.source import Source
from gml.syntax import ast
from gml.syntax.build import build_model
from gml.syntax.messages import empty_model
from gml.syntax.printer import print_tree

if TYPE_CHECKING:
    import lark

__all__ = ["parse", "parse_tree"]


def parse(source: Source) -> ast.Model:
    """The syntax tree of a model.

    Raises
    ------
    GmlError
        With a diagnostic for each independent mistake.
    """
    model = build_model(_tree(source), source)
    if not model.items:
        raise GmlError(empty_model(source))
    return model


def parse_tree(source: Source) -> str:
    """The tree of grammar rules, one a line.

    Raises
    ------
    GmlError
        As `parse`.
    """
    parse(source)
    return print_tree(_tree(source))


def _tree(source: Source) -> lark.Tree[lark.Token]:
    # Imported here: Lark takes 60 ms, and not everything that imports gml parses.
    from gml.syntax.parser import parse_to_tree

    tree = parse_to_tree(source)
    if tree is None:
        from gml.syntax.recovery import diagnose

        raise GmlError(*diagnose(source))
    return tree
