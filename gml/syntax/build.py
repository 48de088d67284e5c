"""Lark tree to ast.Model: the walk that applies one rule method to each node."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from gml.diagnostics.diagnostic import GmlError
from gml.source import Source, Span
from gml.syntax import ast, messages
from gml.syntax.docs import read_docs
from gml.syntax.rules_items import ItemRules

if TYPE_CHECKING:
    import lark

    Tree: TypeAlias = lark.Tree[lark.Token]

# Later stages recurse over the tree, several Python frames a level, within Python's
# limit of 1000. A call inside a call is three levels of this tree.
MAX_TREE_DEPTH = 180


def build_model(tree: Tree, source: Source) -> ast.Model:
    """The syntax tree of a parsed source.

    Raises
    ------
    GmlError
        For what the grammar lets through: chained comparisons, numbers out of range,
        nesting beyond `MAX_TREE_DEPTH`.
    """
    rules = ItemRules(source, read_docs(source))
    model = _walk(tree, rules)
    rules.report.raise_if_errors()
    assert isinstance(model, ast.Model)
    return model


def _walk(root: Tree, rules: ItemRules) -> object:
    """Build children first, on a stack of trees and their children built so far.

    The stack is our own, so that no depth of nesting overflows Python's.
    """
    stack: list[tuple[Tree, list[object]]] = [(root, [])]
    while True:
        tree, built = stack[-1]
        if len(built) < len(tree.children):
            # Lark's own annotation leaves out None, an absent optional part.
            child = cast("Tree | lark.Token | None", tree.children[len(built)])
            if child is None or isinstance(child, str):
                built.append(rules.leaf(child))
            elif len(stack) == MAX_TREE_DEPTH:
                raise GmlError(messages.too_deep(_span(child, rules.source)))
            else:
                stack.append((child, []))
            continue
        value = getattr(rules, tree.data)(_span(tree, rules.source), *built)
        stack.pop()
        if not stack:
            return value
        stack[-1][1].append(value)


def _span(tree: Tree, source: Source) -> Span:
    meta = tree.meta
    if meta.empty:
        return Span(source, 0, 0)
    return Span(source, meta.start_pos, meta.end_pos)
