"""Takes logarithms of exponentials and probabilities without computing those.

    log(exp(x))                          x
    log(exp(x) * y), log(y / exp(x))     x + log(y), log(y) - x
    log(sigmoid(x))                      -softplus(-x)
    log1p(-sigmoid(x)), log(1 - ..)      -softplus(x)

The inner value may be an array's: log(sigma) where sigma = exp(u). Transforms to the
constrained space make such arrays, and densities take their logarithms. Rounding and
overflow of the inner value no longer show, which is most of what is gained in float32.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from gml.ir.build import ONE, add, apply, negate, subtract
from gml.ir.nodes import Apply, Density, Expr, Let, Read
from gml.ir.traverse import map_statement, transform
from gml.passes.cost import CHEAP, cost
from gml.passes.definitions import defined_value, whole_definitions

_FUNCTIONS = ("exp", "sigmoid")


def cancel_inverses(density: Density) -> Density:
    """The density with logarithms simplified as above.

    Parameters
    ----------
    density
        After fold_constants, which makes 0 + 1 * sigmoid(x) show what it is.
    """
    # Only what is cheap to compute again: the inner value, not its logarithm, is named.
    definitions = {
        name: let
        for name, let in whole_definitions(density).items()
        if _is_function_of_little(let.value)
    }

    def simplified(expr: Expr) -> Expr:
        return transform(expr, lambda node: _simplify(node, definitions))

    body = tuple(map_statement(stmt, simplified) for stmt in density.body)
    return evolve(density, body=body)


def _is_function_of_little(expr: Expr) -> bool:
    match expr:
        case Apply(primitive=primitive, arguments=(argument,)):
            return primitive in _FUNCTIONS and cost(argument) < CHEAP
        case _:
            return False


def _simplify(expr: Expr, definitions: Mapping[str, Let]) -> Expr:
    match expr:
        case Apply("log", (argument,)):
            return _log(argument, definitions) or expr
        case Apply("log1p", (Apply("negate", (p,)),)):
            return _log_complement(p, definitions) or expr
        case _:
            pass
    return expr


def _log(expr: Expr, definitions: Mapping[str, Let]) -> Expr | None:
    """The logarithm, where it can be had without taking that of a positive factor."""
    match _meaning(expr, definitions):
        case Apply("exp", (x,)):
            return x
        case Apply("sigmoid", (x,)):
            return negate(apply("softplus", negate(x)))
        case Apply("subtract", (one, p)) if one == ONE:
            return _log_complement(p, definitions)
        case Apply("multiply" | "divide" as primitive, (left, right)):
            logs = [_log(part, definitions) for part in (left, right)]
            # A sigmoid's costs more than a product's: it has to come with another.
            if None in logs and not any(_is_exp(p, definitions) for p in (left, right)):
                return None
            first, second = (
                apply("log", part) if known is None else known
                for part, known in zip((left, right), logs, strict=True)
            )
            return (add if primitive == "multiply" else subtract)(first, second)
        case _:
            return None


def _is_exp(expr: Expr, definitions: Mapping[str, Let]) -> bool:
    """Whether an expression is exp(x), times or over something perhaps."""
    match _meaning(expr, definitions):
        case Apply("exp"):
            return True
        case Apply("multiply" | "divide", arguments):
            return any(_is_exp(part, definitions) for part in arguments)
        case _:
            return False


def _log_complement(p: Expr, definitions: Mapping[str, Let]) -> Expr | None:
    match _meaning(p, definitions):
        case Apply("sigmoid", (x,)):
            return negate(apply("softplus", x))
        case _:
            return None


def _meaning(expr: Expr, definitions: Mapping[str, Let]) -> Expr:
    """What an element of a defined array is, at the indices it is read at."""
    if isinstance(expr, Read) and expr.array in definitions:
        return defined_value(expr, definitions[expr.array])
    return expr
