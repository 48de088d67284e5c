"""Functions that call themselves: unfolded where they are called.

An `int` argument that is a number is known in the body, and of a condition on such
numbers only the branch taken is read: that is where the recursion ends.
"""

from __future__ import annotations

from attrs import evolve, frozen

from gml.check import binding, calls, definitions, expressions, mistakes
from gml.check.scope import Mistake, Scope, Typed
from gml.ir.nodes import Apply, Const, Expr, Scalar
from gml.syntax import ast

# Each call takes a dozen frames of Python's thousand.
DEEPEST = 40


@frozen(eq=False)
class Recursive:
    """A function whose body is checked anew for each call."""

    node: ast.FunctionDefinition


def call_recursive(node: ast.Call, function: Recursive, scope: Scope) -> Typed:
    """Check the body with the numbers among the arguments, and inline it."""
    name = function.node.name.name
    if scope.depth >= DEEPEST:
        raise Mistake(mistakes.endless_recursion(node.function.span, name, DEEPEST))
    names = [parameter.name.name for parameter in function.node.parameters]
    given = binding.by_name(node.arguments, names, name)
    numbers: dict[str, int] = {}
    for parameter in function.node.parameters:
        own = parameter.name.name
        if parameter.type is None or parameter.type.name.name != "int":
            continue
        if own in given:
            value = expressions.elaborate(given[own].value, scope)
            if isinstance(value.expr, Const) and value.scalar is Scalar.INT:
                numbers[own] = int(value.expr.value)
    body = Scope(
        functions=scope.functions,
        distributions=scope.distributions,
        recursive=scope.recursive,
        broken=scope.broken,
        numbers=numbers,
        depth=scope.depth + 1,
    )
    made = definitions.elaborate_function(function.node, body)
    return calls.call_function(node, made, scope)


def known_truth(condition: Expr) -> bool | None:
    """The value of a condition on numbers, if it is made of these alone."""
    match condition:
        case Const(value=value, scalar=Scalar.BOOL):
            return bool(value)
        case Apply(primitive="not", arguments=(inner,)):
            truth = known_truth(inner)
            return None if truth is None else not truth
        case Apply(primitive="and" | "or" as word, arguments=(left, right)):
            pair = known_truth(left), known_truth(right)
            decisive = word == "or"
            if decisive in pair:
                return decisive
            return None if None in pair else not decisive
        case Apply(primitive=word, arguments=(Const(value=a), Const(value=b))):
            return _compared(word, a, b)
        case _:
            return None


def _compared(word: str, a: float, b: float) -> bool | None:
    match word:
        case "equal":
            return a == b
        case "not_equal":
            return a != b
        case "less":
            return a < b
        case "less_equal":
            return a <= b
        case _:
            return None


def with_recursive(scope: Scope, nodes: list[ast.FunctionDefinition]) -> Scope:
    own = {node.name.name: Recursive(node) for node in nodes}
    return evolve(scope, recursive={**scope.recursive, **own})
