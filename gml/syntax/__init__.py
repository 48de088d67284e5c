"""Text to syntax tree."""

from __future__ import annotations

from gml.source import Source
from gml.syntax import ast
from gml.syntax.build import build_model

__all__ = ["parse", "parse_tree"]


def parse(source: Source) -> ast.Model:
    """The syntax tree of a model.

    Raises
    ------
    GmlError
        With a diagnostic for each independent mistake.
    """
    from gml.syntax.parser import parse_to_tree  # 60 ms: not needed to import gml

    return build_model(parse_to_tree(source), source)


def parse_tree(source: Source) -> str:
    """The tree of grammar rules, printed."""
    from gml.syntax.parser import parse_to_tree

    return parse_to_tree(source).pretty()
