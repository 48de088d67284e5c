"""Do indices stay within their dims? Proven here, or left to a check of the data."""

from __future__ import annotations

from gml.check import mistakes
from gml.check.interval import Interval
from gml.check.scope import Mistake, Scope, Typed, VariableName
from gml.diagnostics.diagnostic import Diagnostic
from gml.ir import build
from gml.ir.model import DataCheck, Definition, ModelSite
from gml.ir.nodes import Apply, Axis, Const, Expr, Size, Var
from gml.ir.traverse import arrays_read, free_vars
from gml.source import Span

ZERO, ONE = build.integer(0), build.integer(1)


def check_index(index: Typed, array: str, dim: str, scope: Scope) -> None:
    """An int expression as an index of `array` along `dim`."""
    expr, span = index.expr, index.span
    _check_constant(expr, span, dim, scope)
    least, most = extreme(expr, scope, False), extreme(expr, scope, True)
    if least is None or most is None:
        size = scope.literal_size(dim)
        if size is not None and index.interval.is_inside(Interval(0, size - 1)):
            return
        _leave_to_data(index, array, dim, scope)
        return
    _check_shift(expr, span, dim, scope)
    check_ends(least, most, array, dim, span, scope)


def check_places(piece: Definition | ModelSite, scope: Scope) -> None:
    """The elements that a statement gives values to, or observes."""
    span = piece.span
    assert span is not None
    for axis in piece.axes:
        variable = VariableName(axis.var, axis.lower, axis.upper, None, span)
        scope = scope.with_variables(variable)
    for index, dim in zip(piece.indices, piece.dims, strict=False):
        least, most = extreme(index, scope, False), extreme(index, scope, True)
        assert least is not None, "targets are numbers and loop variables"
        assert most is not None, "and so are the ends of their ranges"
        check_ends(least, most, piece.name, dim, span, scope)


def check_ends(
    least: Expr, most: Expr, array: str, dim: str, span: Span, scope: Scope
) -> None:
    """Leave what is not proven about a least and a greatest index to the data."""
    last = build.subtract(scope.extent(dim), ONE)
    is_one = least == most
    size = scope.literal_size(dim)
    ends = [_literal_value(end, scope) for end in (least, most)]
    if size is not None and any(e is not None and not 0 <= e < size for e in ends):
        raise Mistake(_outside(f"`{span.text}`", span, dim, size))
    if not _is_at_most(ZERO, least, scope):
        what = f"{'an' if is_one else 'the smallest'} index of `{array}`"
        scope.checks.append(_check(least, (), ZERO, None, what, dim, span))
    if not _is_at_most(most, last, scope):
        what = f"{'an' if is_one else 'the largest'} index of `{array}`"
        scope.checks.append(_check(most, (), None, last, what, dim, span))


def _check(
    value: Expr,
    axes: tuple[Axis, ...],
    lower: Expr | None,
    upper: Expr | None,
    what: str,
    dim: str,
    span: Span,
) -> DataCheck:
    return DataCheck(
        value,
        axes,
        lower,
        upper,
        what,
        span,
        "GML0606",
        f"indices of `{dim}` run from 0 to its size less one",
    )


def extreme(expr: Expr, scope: Scope, is_greatest: bool) -> Expr | None:
    """The least or greatest value of a sum of sizes, numbers and loop variables."""
    match expr:
        case Const() | Size():
            return expr
        case Var(name=name) if name in scope.variables:
            variable = scope.variables[name]
            if not is_greatest:
                return extreme(variable.lower, scope, False)
            end = extreme(variable.upper, scope, True)
            return None if end is None else linear(build.subtract(end, ONE))
        case Apply(primitive="add" | "subtract" as sign, arguments=(left, right)):
            is_sum = sign == "add"
            a = extreme(left, scope, is_greatest)
            b = extreme(right, scope, is_greatest if is_sum else not is_greatest)
            if a is None or b is None:
                return None
            return linear((build.add if is_sum else build.subtract)(a, b))
        case _:
            return None


def _is_at_most(left: Expr, right: Expr, scope: Scope) -> bool:
    """Whether left <= right whatever the sizes are."""
    values = _literal_value(left, scope), _literal_value(right, scope)
    if values[0] is not None and values[1] is not None:
        return values[0] <= values[1]
    (a, i), (b, j) = split_shift(left), split_shift(right)
    if isinstance(a, Size) and isinstance(b, Size):
        return scope.same_dim(a.dim, b.dim) and i <= j
    return a == b and i <= j


def _literal_value(expr: Expr, scope: Scope) -> int | None:
    """The value of a sum of numbers and sizes that the model gives."""
    base, shift = split_shift(expr)
    match base:
        case None:
            return shift
        case Size(dim=dim):
            size = scope.literal_size(dim)
            return None if size is None else size + shift
        case _:
            return None


def _check_constant(expr: Expr, span: Span, dim: str, scope: Scope) -> None:
    if not isinstance(expr, Const):
        return
    size = scope.literal_size(dim)
    if expr.value < 0 or (size is not None and expr.value >= size):
        raise Mistake(_outside(str(int(expr.value)), span, dim, size))


def _outside(text: str, span: Span, dim: str, size: int | None) -> Diagnostic:
    help = f"indices count from 0; the last one is `{dim} - 1`"
    if size is not None:
        help = f"`{dim}` has {size} elements: indices run from 0 to {size - 1}"
    return mistakes.index_outside(span, text, dim, help)


def _check_shift(expr: Expr, span: Span, dim: str, scope: Scope) -> None:
    """`t - k` and `t + k` where the range of t shows that it leaves the dim."""
    base, shift = split_shift(expr)
    if not isinstance(base, Var) or base.name not in scope.variables:
        return
    variable = scope.variables[base.name]
    first, (last, beyond) = variable.lower, split_shift(variable.upper)
    text = f"`{span.text}`"
    start = variable.first
    if isinstance(start, Const) and start.value + shift < 0:
        scope.splits.add(base.name)  # only the branch it is in keeps it inside
    if isinstance(first, Const) and first.value + shift < 0:
        help = f"start at {-shift}: `for {base.name} in {-shift}..{dim}`"
        raise Mistake(mistakes.index_outside(span, text, dim, help))
    if isinstance(last, Size) and scope.same_dim(last.dim, dim) and beyond + shift > 0:
        begin = int(first.value) if isinstance(first, Const) else 0
        end = f"{dim} - {shift}" if shift > 0 else dim
        help = f"stop earlier: `for {base.name} in {begin}..{end}`"
        raise Mistake(mistakes.index_outside(span, text, dim, help))


def _leave_to_data(index: Typed, array: str, dim: str, scope: Scope) -> None:
    """An index computed from data: each value is checked when the data are there."""
    expr = index.expr
    names = free_vars(expr)
    axes = [Axis(d, ZERO, scope.extent(d)) for d in index.dims if d in names]
    variables = [scope.variables[n] for n in sorted(names) if n in scope.variables]
    axes += [Axis(v.name, v.lower, v.upper) for v in variables]
    is_closed = not any(free_vars(e) for a in axes for e in (a.lower, a.upper))
    is_known = all(scope.arrays[a].is_known for a in arrays_read(expr))
    if not is_closed or not is_known:
        raise Mistake(mistakes.computed_index(index.span, dim))
    last = build.subtract(scope.extent(dim), ONE)
    what = f"index `{index.span.text}` of `{array}`"
    check = _check(expr, tuple(axes), ZERO, last, what, dim, index.span)
    scope.checks.append(check)


# ------------------------------------------------------- sums of sizes and numbers


def linear(expr: Expr) -> Expr:
    """(x + a) + b as x + (a + b), x - x as 0, negative shifts as subtraction."""
    base, shift = split_shift(expr)
    if base is None:
        return build.integer(shift)
    if shift == 0:
        return base
    if shift < 0:
        return build.apply("subtract", base, build.integer(-shift))
    return build.apply("add", base, build.integer(shift))


def split_shift(expr: Expr) -> tuple[Expr | None, int]:
    """An int expression as (base, constant): base + constant; base None is zero."""
    match expr:
        case Const(value=value):
            return None, int(value)
        case Apply(primitive="add", arguments=(left, right)):
            (a, i), (b, j) = split_shift(left), split_shift(right)
            if a is None or b is None:
                return (a if b is None else b), i + j
            return build.apply("add", a, b), i + j
        case Apply(primitive="subtract", arguments=(left, right)):
            (a, i), (b, j) = split_shift(left), split_shift(right)
            if b is None:
                return a, i - j
            if a == b:
                return None, i - j
            zero = build.integer(0)
            return build.apply("subtract", a if a is not None else zero, b), i - j
        case _:
            return expr, 0
