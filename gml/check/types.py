"""Types as written, resolved to supports and dims."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from gml.check import expressions, mistakes
from gml.check.scope import SCALAR_WORDS, Mistake, Scope
from gml.diagnostics import fixes
from gml.diagnostics.diagnostic import Fix
from gml.diagnostics.suggest import did_you_mean
from gml.ir.model import (
    BooleanSupport,
    DataVariable,
    IndexSupport,
    IntegerSupport,
    MatrixKind,
    MatrixSupport,
    OrderedSupport,
    RealSupport,
    SimplexSupport,
    SumToZeroSupport,
    Support,
    UnitVectorSupport,
    VectorSupport,
)
from gml.ir.nodes import Const, Expr, Scalar
from gml.source import Span
from gml.syntax import ast

VECTOR_TYPES: Mapping[str, Callable[[str], Support]] = {
    "ordered": OrderedSupport,
    "positive_ordered": lambda dim: OrderedSupport(dim, True),
    "simplex": SimplexSupport,
    "unit_vector": UnitVectorSupport,
    "sum_to_zero": SumToZeroSupport,
}
# What other languages call the bounds.
_BOUNDS = {"min": "lower", "low": "lower", "max": "upper", "high": "upper"}
MATRIX_TYPES = (*(kind.value for kind in MatrixKind), "row_stochastic")
TYPE_NAMES = ("real", "int", "bool", "index", *VECTOR_TYPES, *MATRIX_TYPES)


@frozen
class ResolvedType:
    """A support and the dims of the whole array, event dims last."""

    support: Support
    dims: tuple[str, ...]
    event_dims: tuple[str, ...] = ()
    index_base: int = 0


def resolve_type(node: ast.Type, scope: Scope, is_data: bool = False) -> ResolvedType:
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
        what = f"dim `{repeated.name}` is repeated"
        help = f"name the other axis: `dim to = {repeated.name}`, then use `to`"
        raise Mistake(mistakes.bad_type(repeated.span, what, help))
    if node.arguments and name != "index":
        what = f"`{name}` takes nothing in parentheses"
        inside = ", ".join(a.name for a in node.arguments)
        help = (
            f"dims come in brackets, `{name}[{inside}]`; `index(K)` points into a dim"
        )
        mended = _with_dims(node, inside)
        raise Mistake(mistakes.bad_type(node.span, what, help, mended))
    if node.has_missing and not is_data:
        what, help = "only data have missing cells", "remove the `?`"
        mended = _without(node, "?")
        raise Mistake(mistakes.not_here(node.span, what, help, mended))
    if node.has_missing and name != "real":
        what = f"cells of `{name}` cannot be missing: only reals can be parameters"
        help = "leave the rows with missing cells out, and remove the `?`"
        raise Mistake(mistakes.not_here(node.span, what, help, _without(node, "?")))
    if name in VECTOR_TYPES or name in MATRIX_TYPES:
        return _vector(node, name, dims, scope)
    support, base = _scalar_support(node, name, scope)
    return ResolvedType(support, dims, (), base)


def _vector(
    node: ast.Type, name: str, dims: tuple[str, ...], scope: Scope
) -> ResolvedType:
    if name in MATRIX_TYPES and len(dims) < 2:
        what = f"`{name}` needs two dims"
        dim = dims[0] if dims else "K"
        help = f"write `{name}[{dim}, to]`, with `dim to = {dim}` above"
        raise Mistake(mistakes.bad_type(node.span, what, help))
    if not dims:
        what = f"`{name}` needs a dim"
        help = f"write `{name}[K]`, with `dim K = 3` above"
        raise Mistake(mistakes.bad_type(node.span, what, help))
    if node.bounds:
        what = f"`{name}` takes no bounds"
        help = f"write `{name}[{', '.join(dims)}]`"
        mended = _without_bounds(node)
        raise Mistake(mistakes.bad_type(node.bounds[0].span, what, help, mended))
    if name == "row_stochastic":  # each row a simplex
        return ResolvedType(SimplexSupport(dims[-1]), dims, dims[-1:])
    if name in VECTOR_TYPES:
        return ResolvedType(VECTOR_TYPES[name](dims[-1]), dims, dims[-1:])
    row, column = dims[-2:]
    if not scope.same_dim(row, column):
        raise Mistake(mistakes.not_square(node.span, name, dims))
    return ResolvedType(MatrixSupport(MatrixKind(name), row, column), dims, dims[-2:])


def _scalar_support(node: ast.Type, name: str, scope: Scope) -> tuple[Support, int]:
    if name == "index":
        return _index(node, scope)
    bounds = _bounds(node, name, scope)
    if name == "bool":
        if bounds:
            what, help = "`bool` takes no bounds", "remove them"
            mended = _without_bounds(node)
            raise Mistake(mistakes.bad_type(bounds_span(node), what, help, mended))
        return BooleanSupport(), 0
    lower, upper = bounds.get("lower"), bounds.get("upper")
    if (
        isinstance(lower, Const)
        and isinstance(upper, Const)
        and lower.value >= upper.value
        and not (name == "int" and lower.value == upper.value)
    ):
        what = f"no value is at least {lower.value:g} and at most {upper.value:g}"
        if lower.value == upper.value:
            what = f"only {lower.value:g} lies within these bounds"
        help = "the lower bound is below the upper one: `<lower=0, upper=1>`"
        raise Mistake(mistakes.bad_type(bounds_span(node), what, help))
    if name == "int":
        return IntegerSupport(lower, upper), 0
    return RealSupport(lower, upper), 0


def _bounds(node: ast.Type, name: str, scope: Scope) -> dict[str, Expr]:
    bounds: dict[str, Expr] = {}
    for bound in node.bounds:
        key = bound.name.name
        if key not in ("lower", "upper") or key in bounds:
            what = f"`{name}` has no bound `{key}`"
            help = _bound_advice(key, bound.value.span.text)
            other = _BOUNDS.get(key.lower())
            place = bound.name.span
            mended = fixes.near(place, key, ("lower", "upper"))
            mended = (fixes.replace(place, other),) if other else mended
            if key in bounds:
                what, help = f"bound `{key}` is given twice", "remove one of them"
                mended = fixes.remove_with(bound.span, r"\s*,\s*")
            raise Mistake(mistakes.bad_type(bound.span, what, help, mended))
        value = expressions.elaborate(bound.value, scope)
        if name == "real":
            value = expressions.as_real(value)
        elif value.scalar is not Scalar.INT:
            help = "bounds of an `int` are integers"
            found = SCALAR_WORDS[value.scalar]
            raise Mistake(
                mistakes.wrong_type(bound.value.span, found, "an integer", help)
            )
        if value.dims and not set(value.dims) <= {d.name for d in node.dims}:
            own = [d.name for d in node.dims]
            extra = [d for d in value.dims if d not in own]
            what = f"this bound varies over `{extra[0]}`, which the type does not have"
            help = f"reduce it, for example `max(.. over {extra[0]})`"
            raise Mistake(mistakes.bad_type(bound.span, what, help))
        bounds[key] = value.expr
    return bounds


def _bound_advice(key: str, value: str) -> str:
    if key.lower() in _BOUNDS:
        return f"write `{_BOUNDS[key.lower()]}={value}`"
    return did_you_mean(key, ("lower", "upper")) or "the bounds are `lower` and `upper`"


def _with_dims(node: ast.Type, inside: str) -> tuple[Fix, ...]:
    """`real[N]` for `real(N)`."""
    if node.bounds or node.dims:
        return ()
    return (fixes.replace(node.span, f"{node.name.name}[{inside}]"),)


def _without(node: ast.Type, sign: str) -> tuple[Fix, ...]:
    """Without the last of a sign in a type."""
    place = node.span.start + node.span.text.rindex(sign)
    return (fixes.remove(Span(node.span.source, place, place + len(sign))),)


def _without_bounds(node: ast.Type) -> tuple[Fix, ...]:
    inner = bounds_span(node)
    text = inner.source.text
    start, end = text.rindex("<", 0, inner.start), text.index(">", inner.end) + 1
    return (fixes.remove(Span(inner.source, start, end)),)


def bounds_span(node: ast.Type) -> Span:
    """From the first bound to the last."""
    first, last = node.bounds[0].span, node.bounds[-1].span
    return Span(first.source, first.start, last.end)


def _index(node: ast.Type, scope: Scope) -> tuple[Support, int]:
    if len(node.arguments) != 1:
        what = "`index` needs the dim that it points into"
        dims = f"[{', '.join(d.name for d in node.dims)}]" if node.dims else ""
        help = f"write `index(K){dims}` for elements of dim `K`"
        raise Mistake(mistakes.bad_type(node.span, what, help))
    dim = node.arguments[0]
    if dim.name not in scope.dims:
        raise Mistake(mistakes.unknown_dim(dim.span, dim.name, scope.dims))
    base = 0
    for bound in node.bounds:
        is_literal = isinstance(bound.value, ast.Integer)
        if bound.name.name != "base" or not is_literal:
            what = f"`index` has no bound `{bound.name.name}`"
            if bound.name.name == "base":
                what = "the base of an index is a number"
            help = f"its dim bounds it; `index({dim.name})<base=1>` counts from 1"
            mended = (fixes.replace(bound.name.span, "base"),) if is_literal else ()
            raise Mistake(mistakes.bad_type(bound.span, what, help, mended))
        assert isinstance(bound.value, ast.Integer)
        base = bound.value.value
    return IndexSupport(dim.name), base


def describe_type(support: Support, dims: tuple[str, ...]) -> str:
    """A support and the dims of the whole array: `real<lower=0>[school]`."""
    text = describe_support(support)
    if isinstance(support, VectorSupport):
        text = text.split("[")[0]
    return text + (f"[{', '.join(dims)}]" if dims else "")


def describe_datum(datum: DataVariable) -> str:
    """The type of data as it is declared: `real?[N]` where cells may be missing."""
    if datum.missing is None:
        return describe_type(datum.support, datum.dims)
    dims = f"[{', '.join(datum.dims)}]" if datum.dims else ""
    return f"{describe_support(datum.support)}?{dims}"


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
        case UnitVectorSupport(dim=dim):
            return f"unit_vector[{dim}]"
        case SumToZeroSupport(dim=dim):
            return f"sum_to_zero[{dim}]"
        case MatrixSupport(kind=kind, row=row, column=column):
            return f"{kind.value}[{row}, {column}]"


def _describe_bounds(lower: Expr | None, upper: Expr | None) -> str:
    parts = []
    for word, bound in (("lower", lower), ("upper", upper)):
        if isinstance(bound, Const):
            parts.append(f"{word}={bound.value:g}")
        elif bound is not None:
            parts.append(f"{word}=..")
    return f"<{', '.join(parts)}>" if parts else ""
