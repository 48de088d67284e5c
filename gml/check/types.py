"""Types as written, resolved to supports and dims."""

from __future__ import annotations

from attrs import frozen

from gml.check import expressions, mistakes
from gml.check.scope import Mistake, Scope
from gml.ir.model import (
    BooleanSupport,
    IndexSupport,
    IntegerSupport,
    OrderedSupport,
    RealSupport,
    SimplexSupport,
    Support,
)
from gml.ir.nodes import Const, Expr, Scalar
from gml.syntax import ast

TYPE_NAMES = (
    "real", "int", "bool", "index", "ordered", "positive_ordered", "simplex",
)  # fmt: skip
VECTOR_TYPES = ("ordered", "positive_ordered", "simplex")


@frozen
class ResolvedType:
    """A support and the dims of the whole array, event dims last."""

    support: Support
    dims: tuple[str, ...]
    event_dims: tuple[str, ...] = ()
    index_base: int = 0


def resolve_type(node: ast.Type, scope: Scope) -> ResolvedType:
    """Check a type's parts against each other and the declared dims."""
    name = node.name.name
    if name not in TYPE_NAMES:
        raise Mistake(mistakes.unknown_type(node.name.span, name, TYPE_NAMES))
    for dim in node.dims:
        if dim.name not in scope.dims:
            raise Mistake(mistakes.unknown_dim(dim.span, dim.name, scope.dims))
    dims = tuple(dim.name for dim in node.dims)
    repeated = next((d for d in node.dims if dims.count(d.name) > 1), None)
    if repeated is not None:
        problem = f"repeats dim `{repeated.name}`: give it an alias (`dim to = K`)"
        raise Mistake(mistakes.bad_type_argument(repeated.span, name, problem))
    if node.arguments and name != "index":
        problem = "takes no argument in parentheses"
        raise Mistake(mistakes.bad_type_argument(node.span, name, problem))
    if node.has_missing:
        what = "missing cells are not supported in this place"
        help = "drop the rows with missing cells, or impute them outside"
        raise Mistake(mistakes.not_here(node.span, what, help))
    if name in VECTOR_TYPES:
        return _vector(node, name, dims)
    support, base = _scalar_support(node, name, scope)
    return ResolvedType(support, dims, (), base)


def _vector(node: ast.Type, name: str, dims: tuple[str, ...]) -> ResolvedType:
    if not dims:
        problem = f"needs a dim: `{name}[K]`"
        raise Mistake(mistakes.bad_type_argument(node.span, name, problem))
    if node.bounds:
        problem = "has no bounds of its own"
        raise Mistake(mistakes.bad_type_argument(node.bounds[0].span, name, problem))
    support: Support
    if name == "simplex":
        support = SimplexSupport(dims[-1])
    else:
        support = OrderedSupport(dims[-1], name == "positive_ordered")
    return ResolvedType(support, dims, dims[-1:])


def _scalar_support(node: ast.Type, name: str, scope: Scope) -> tuple[Support, int]:
    if name == "index":
        return _index(node, scope)
    bounds = _bounds(node, name, scope)
    if name == "bool":
        if bounds:
            problem = "has no bounds"
            raise Mistake(
                mistakes.bad_type_argument(node.bounds[0].span, name, problem)
            )
        return BooleanSupport(), 0
    lower, upper = bounds.get("lower"), bounds.get("upper")
    if (
        isinstance(lower, Const)
        and isinstance(upper, Const)
        and lower.value >= upper.value
        and not (name == "int" and lower.value == upper.value)
    ):
        problem = f"is empty: lower={lower.value:g} is not below upper={upper.value:g}"
        raise Mistake(mistakes.bad_type_argument(node.bounds[0].span, name, problem))
    if name == "int":
        return IntegerSupport(lower, upper), 0
    return RealSupport(lower, upper), 0


def _bounds(node: ast.Type, name: str, scope: Scope) -> dict[str, Expr]:
    bounds: dict[str, Expr] = {}
    for bound in node.bounds:
        key = bound.name.name
        if key not in ("lower", "upper") or key in bounds:
            problem = f"has no bound `{key}`"
            if key in bounds:
                problem = f"has bound `{key}` twice"
            raise Mistake(mistakes.bad_type_argument(bound.span, name, problem))
        value = expressions.elaborate(bound.value, scope)
        if name == "real":
            value = expressions.as_real(value)
        elif value.scalar is not Scalar.INT:
            help = "integers have integer bounds"
            raise Mistake(
                mistakes.wrong_type(bound.value.span, "a real", "an integer", help)
            )
        if value.dims and not set(value.dims) <= {d.name for d in node.dims}:
            problem = "has a bound over dims that the type does not have"
            raise Mistake(mistakes.bad_type_argument(bound.span, name, problem))
        bounds[key] = value.expr
    return bounds


def _index(node: ast.Type, scope: Scope) -> tuple[Support, int]:
    if len(node.arguments) != 1:
        problem = "needs the dim it points into: `index(county)`"
        raise Mistake(mistakes.bad_type_argument(node.span, "index", problem))
    dim = node.arguments[0]
    if dim.name not in scope.dims:
        raise Mistake(mistakes.unknown_dim(dim.span, dim.name, scope.dims))
    base = 0
    for bound in node.bounds:
        is_literal = isinstance(bound.value, ast.Integer)
        if bound.name.name != "base" or not is_literal:
            problem = "takes only `<base=1>`, for data that count from 1"
            raise Mistake(mistakes.bad_type_argument(bound.span, "index", problem))
        assert isinstance(bound.value, ast.Integer)
        base = bound.value.value
    return IndexSupport(dim.name), base


def describe_support(support: Support) -> str:
    """A support in the words of the language."""
    match support:
        case RealSupport(lower=lower, upper=upper):
            return "real" + _describe_bounds(lower, upper)
        case IntegerSupport(lower=lower, upper=upper):
            return "int" + _describe_bounds(lower, upper)
        case BooleanSupport():
            return "bool"
        case IndexSupport(dim=dim):
            return f"index({dim})"
        case OrderedSupport(dim=dim, is_positive=is_positive):
            return f"{'positive_' if is_positive else ''}ordered[{dim}]"
        case SimplexSupport(dim=dim):
            return f"simplex[{dim}]"


def _describe_bounds(lower: Expr | None, upper: Expr | None) -> str:
    parts = []
    for word, bound in (("lower", lower), ("upper", upper)):
        if isinstance(bound, Const):
            parts.append(f"{word}={bound.value:g}")
        elif bound is not None:
            parts.append(f"{word}=..")
    return f"<{', '.join(parts)}>" if parts else ""
