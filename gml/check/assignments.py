"""`target = value` and `factor value`."""

from __future__ import annotations

from attrs import evolve, frozen

from gml.check import binding, calls, expressions, indexing, mistakes, targets
from gml.check.declarations import Entry
from gml.check.scope import ArrayName, Mistake, Scope, Typed
from gml.check.sites import shifted_regions
from gml.diagnostics import fixes
from gml.ir import build
from gml.ir.model import Definition, IndexSupport, ModelFactor, Role, scalar_of
from gml.ir.nodes import Axis, Expr, Scalar, Term, TermKind, Var
from gml.ir.traverse import arrays_read, substitute
from gml.syntax import ast


@frozen
class DefinitionResult:
    definition: Definition
    array: ArrayName


def elaborate_definition(entry: Entry, scope: Scope, role: Role) -> DefinitionResult:
    """Check a `=` line."""
    node = entry.node
    assert isinstance(node, ast.Define)
    if node.decorators:
        decorator = node.decorators[0]
        help = "decorators belong to `~` lines"
        what = "a definition is not decorated"
        mended = (fixes.remove_lines(decorator.span),)
        raise Mistake(mistakes.not_here(decorator.span, what, help, mended))
    left = targets.left_side(entry, node.target, scope)
    value = expressions.elaborate(node.value, left.scope)
    if left.declared is not None:
        value = _as_declared(value, left)
    value = _fitted(value, left)
    dims = _dims(left, value)
    if not left.has_binders:
        indices: tuple[Expr, ...] = tuple(Var(d) for d in dims)
        whole = tuple(Axis(d, build.integer(0), left.scope.extent(d)) for d in dims)
        axes, expr = (*left.loops, *whole), value.expr
    else:
        places, axes, shifts = shifted_regions(left)
        extra = dims[len(places) :]
        indices = (*places, *(Var(d) for d in extra))
        axes += tuple(Axis(d, build.integer(0), left.scope.extent(d)) for d in extra)
        expr = substitute(value.expr, shifts)
    arrays = left.scope.arrays
    is_known = all(arrays[a].is_known for a in arrays_read(value.expr))
    definition = Definition(
        left.name,
        indices,
        axes,
        dims,
        value.scalar,
        expr,
        role,
        node.role is ast.Role.LOCAL,
        node.doc,
        node.span,
    )
    array = ArrayName(
        left.name,
        value.scalar,
        dims,
        value.interval,
        value.index_of,
        is_known,
        left.span,
    )
    return DefinitionResult(definition, array)


def _as_declared(value: Typed, left: targets.LeftSide) -> Typed:
    """The value as its declared type says; bounds are claims the checker must see."""
    declared = left.declared
    assert declared is not None
    if declared.event_dims:
        help = "a definition takes a plain type: `real`, `int`, `bool` or `index(K)`"
        raise Mistake(
            mistakes.not_here(value.span, "a definition cannot be constrained", help)
        )
    value = calls.require_scalar_kind(value, scalar_of(declared.support))
    wanted = binding.interval_of_support(declared.support)
    if isinstance(declared.support, IndexSupport):
        return value
    if not value.interval.is_inside(wanted):
        help = "drop the bounds, or transform the value"
        raise Mistake(
            mistakes.not_here(
                value.span, "the value may leave its declared bounds", help
            )
        )
    return value


def _fitted(value: Typed, left: targets.LeftSide) -> Typed:
    """The value over a dim of the left, in place of a vector or slice of its length."""
    scope, axes = left.scope, (place.axis for place in left.places)
    declared = left.declared.dims if left.declared else ()
    declared += tuple(axis.var for axis in axes if axis and axis.var in scope.dims)
    for dim in [d for d in value.dims if d in scope.extents and d not in declared]:
        places = [d for d in declared if d not in value.dims and scope.same_dim(d, dim)]
        if len(places) == 1:
            expr = substitute(value.expr, {dim: Var(places[0])})
            dims = tuple(places[0] if d == dim else d for d in value.dims)
            value = evolve(value, expr=expr, dims=dims)
    return value


def _dims(left: targets.LeftSide, value: Typed) -> tuple[str, ...]:
    declared = left.declared.dims if left.declared else ()
    if not left.has_binders:
        if declared and set(value.dims) - set(declared):
            extra = [d for d in value.dims if d not in declared]
            raise indexing.extra_dims(
                value.span, left.name, extra, declared, left.span, left.scope
            )
        return declared or value.dims
    named = tuple(p.dim or "" for p in left.places)
    own = {p.axis.var for p in left.places if p.axis is not None}
    own |= {p.dim for p in left.places if p.dim is not None and p.axis is not None}
    extra = [d for d in value.dims if d not in own and d not in declared]
    if extra:
        known = [d for d in named if d]
        raise indexing.extra_dims(
            value.span, left.name, extra, known, left.span, left.scope
        )
    if declared and len(declared) == len(named):
        return declared
    return (*named, *declared)


def elaborate_factor(entry: Entry, scope: Scope, number: int) -> ModelFactor:
    """Check a `factor` line; the value is summed over its dims and loops."""
    node = entry.node
    assert isinstance(node, ast.Factor)
    scope, loops = targets.loop_scope(entry, scope)
    value = expressions.as_number(expressions.elaborate(node.value, scope))
    if value.scalar is not Scalar.REAL:
        value = expressions.as_real(value)
    axes = tuple(Axis(d, build.integer(0), scope.extent(d)) for d in value.dims)
    term = Term(TermKind.FACTOR, f"factor_{number}")
    return ModelFactor(term, (*loops, *axes), value.expr, node.span)
