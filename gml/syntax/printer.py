"""Trees as text: one node a line, children indented."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any

from attrs import fields

from gml.syntax import ast

if TYPE_CHECKING:
    import lark

_QUOTED = ("doc", "value", "operator")  # fields whose strings need their limits shown


def print_ast(model: ast.Model) -> str:
    """A model as an indented list of its nodes.

    A line holds the field that the node is in, the node's class, and its fields that
    are words or numbers; what is absent is left out.
    """
    return "\n".join(_node(model, "", 0)) + "\n"


def print_tree(tree: lark.Tree[lark.Token]) -> str:
    """A tree of grammar rules, with each token's terminal and text."""
    return "\n".join(_rule(tree, 0)) + "\n"


def _rule(tree: lark.Tree[lark.Token], depth: int) -> Iterator[str]:
    yield "  " * depth + tree.data
    for child in tree.children:
        if isinstance(child, str):
            yield "  " * (depth + 1) + f"{child.type} {child}"
        elif hasattr(child, "children"):  # an absent optional part is None
            yield from _rule(child, depth + 1)


def _node(node: object, field: str, depth: int) -> Iterator[str]:
    words, children = [type(node).__name__], []
    for name, values in _fields(node):
        texts = [_text(value, name in _QUOTED) for value in values]
        if texts and None not in texts:
            words.append(f"{name}={','.join(filter(None, texts))}")
        else:
            children += [(name, value) for value in values]
    label = f"{field}: " if field else ""
    yield "  " * depth + label + " ".join(words)
    for name, child in children:
        yield from _node(child, name, depth + 1)


def _fields(node: Any) -> Iterator[tuple[str, tuple[object, ...]]]:
    """The fields that differ from their defaults, each as a tuple of values."""
    for attribute in fields(type(node)):
        value = getattr(node, attribute.name)
        if attribute.eq and value is not None and value != attribute.default:
            yield attribute.name, value if isinstance(value, tuple) else (value,)


def _text(value: object, is_quoted: bool) -> str | None:
    """A value that fits on its node's line; None for a node with a line of its own."""
    match value:
        case ast.Identifier(name=name):
            return name
        case Enum(value=name):
            return str(name)
        case str():
            return repr(value) if is_quoted else value
        case bool():
            return str(value).lower()
        case float() | int():
            return repr(value)
        case _:
            return None
