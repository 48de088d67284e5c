"""Left sides: which elements a line gives values to, over which axes."""

from __future__ import annotations

from attrs import evolve, frozen

from gml.check import calls, index_ranges, indexing, mistakes
from gml.check.declarations import Entry
from gml.check.scope import Mistake, Scope, VariableName
from gml.check.types import ResolvedType, resolve_type
from gml.diagnostics import fixes
from gml.diagnostics.diagnostic import Fix
from gml.ir import build
from gml.ir.nodes import Axis, Expr, Size, Var
from gml.source import Span
from gml.syntax import ast


@frozen
class Place:
    """One subscript of a left side: its index, its axis if new, its dim if known."""

    index: Expr
    axis: Axis | None
    dim: str | None
    span: Span


@frozen
class LeftSide:
    """A target with its loops resolved; `scope` knows the loop variables."""

    name: str
    span: Span
    places: tuple[Place, ...]
    loops: tuple[Axis, ...]
    declared: ResolvedType | None
    scope: Scope
    has_binders: bool

    @property
    def axes(self) -> tuple[Axis, ...]:
        return (*self.loops, *(p.axis for p in self.places if p.axis is not None))


def loop_scope(entry: Entry, scope: Scope) -> tuple[Scope, tuple[Axis, ...]]:
    """The scope inside an entry's loops, and their axes."""
    axes = []
    for loop in entry.loops:
        variable = calls.loop_variable(loop.variable, loop.domain, scope)
        variable = evolve(variable, first=variable.lower)
        scope = scope.with_variables(variable)
        axes.append(Axis(variable.name, variable.lower, variable.upper))
    return scope, tuple(axes)


def left_side(entry: Entry, target: ast.Target, scope: Scope) -> LeftSide:
    """Resolve a target's binders and type."""
    scope, loops = loop_scope(entry, scope)
    places = []
    for binder in target.binders:
        place, variable = _place(binder, target.name.name, scope)
        places.append(place)
        if variable is not None:
            scope = scope.with_variables(variable)
    used = {p.index.name for p in places if isinstance(p.index, Var)}
    for axis, loop in zip(loops, entry.loops, strict=True):
        if axis.var not in used:
            name = target.name.name
            what = f"`{name}` would be defined once for each `{axis.var}`"
            help = f"index it: `{name}[{axis.var}]`, or move it out of the loop"
            del loop
            own = target.name.span
            mended = () if target.binders else (_indexed(own, axis.var),)
            raise Mistake(mistakes.not_here(own, what, help, mended))
    declared = resolve_type(target.type, scope) if target.type else None
    return LeftSide(
        target.name.name,
        target.name.span,
        tuple(places),
        loops,
        declared,
        scope,
        bool(target.binders),
    )


def _indexed(name: Span, variable: str) -> Fix:
    return fixes.insert(name.source, name.end, f"[{variable}]")


def _place(
    binder: ast.Binder, name: str, scope: Scope
) -> tuple[Place, VariableName | None]:
    span = binder.span
    if binder.variable is not None:
        variable = calls.binder_variable(binder, scope)
        variable = evolve(variable, first=variable.lower)
        axis = Axis(variable.name, variable.lower, variable.upper)
        return Place(Var(variable.name), axis, dim_of(variable), span), variable
    match binder.domain:
        case ast.Integer(value=value):
            return Place(build.integer(value), None, None, span), None
        case ast.Slice() as domain:
            lower = (
                indexing.range_bound(domain.lower, scope)
                if domain.lower
                else build.integer(0)
            )
            if domain.upper is None:
                what = "this range has no end"
                help = "give the end of the range: `1..T`"
                raise Mistake(mistakes.not_here(span, what, help))
            upper = indexing.range_bound(domain.upper, scope)
            return _slice_place(lower, upper, span, scope), None
        case ast.Name(name=dim) if dim in scope.variables:
            variable = scope.variables[dim]
            return Place(Var(dim), None, dim_of(variable), span), None
        case ast.Name(name=dim) if dim in scope.dims:
            axis = Axis(dim, build.integer(0), scope.extent(dim))
            return Place(Var(dim), axis, dim, span), None
        case ast.Name(name=dim):
            known = [*scope.dims, *scope.variables]
            raise Mistake(mistakes.unknown_dim(span, dim, known))


def _slice_place(lower: Expr, upper: Expr, span: Span, scope: Scope) -> Place:
    """`x[1..T]`: an axis named like the same slice of any other array.

    The axis counts from zero, as slices on the right do; its index is shifted.
    """
    dim = upper.dim if isinstance(upper, Size) else None
    length = build.subtract(upper, lower)
    name = indexing.slice_dim(length, dim or "slice", scope)
    axis = Axis(name, build.integer(0), scope.extent(name))
    return Place(build.add(Var(name), lower), axis, dim, span)


def dim_of(variable: VariableName) -> str | None:
    """The dim a loop variable indexes: its own, or the one its range ends in."""
    if variable.dim is not None:
        return variable.dim
    base, shift = index_ranges.split_shift(variable.upper)
    return base.dim if isinstance(base, Size) and shift <= 0 else None


def without_bounds(target: ast.Target) -> ast.Target:
    """A target whose type says its shape only: bounds may depend on other elements."""
    if target.type is None:
        return target
    return evolve(target, type=evolve(target.type, bounds=()))
