"""Statements to loop nests: common subexpressions once, invariants outside loops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from attrs import define, field

from gml.backend.fused.divisions import share_divisions
from gml.backend.fused.kinds import array_kind, call_kind, fold_kind
from gml.backend.fused.unsupported import Unsupported
from gml.backend.fused.values import (
    Call,
    Clamp,
    Extent,
    Fold,
    Index,
    Kind,
    Literal,
    Load,
    Loop,
    Operation,
    Origin,
    Scope,
    Store,
    Total,
    Update,
    Value,
)
from gml.ir.build import ZERO, add, apply, real, select, subtract
from gml.ir.nodes import (
    Add,
    Apply,
    Array,
    Axis,
    Const,
    Expr,
    Let,
    MatrixElement,
    Read,
    Reduce,
    Reduction,
    Scan,
    Size,
    Stmt,
    Storage,
    Var,
)
from gml.ir.traverse import arrays_written, free_vars, walk

# Whose arguments after the first count only where the first says so.
_GUARDS = ("select", "and", "or")


def lower_statements(
    statements: tuple[Stmt, ...], arrays: Mapping[str, Array]
) -> Scope:
    """The loop nest of a program.

    Parameters
    ----------
    statements
        A density's body.
    arrays
        Its arrays, by name.

    Raises
    ------
    Unsupported
        When an element is chosen by a parameter.
    """
    lowering = _Lowering(arrays)
    for stmt in statements:
        lowering.statement(stmt, lowering.root)
    share_divisions(lowering.root)
    return lowering.root


@define
class _Lowering:
    arrays: Mapping[str, Array]
    root: Scope = field(factory=Scope)
    _scalars: dict[str, Value] = field(factory=dict)
    _versions: dict[str, int] = field(factory=dict)
    # Each with its expression, so that no other one gets its id.
    _walked: dict[tuple[int, bool, int], tuple[Expr, Value]] = field(factory=dict)

    # --------------------------------------------------------------- statements

    def statement(self, stmt: Stmt, scope: Scope) -> None:
        match stmt:
            case Let() | Add():
                self._walked.clear()  # what it read may have been written since
                self._origin(stmt, scope)
                self._assignment(stmt, stmt.axes, scope)
            case Scan(axis=axis, body=body, reverse=reverse):
                self._walked.clear()
                inner = self._loop(axis, scope, arrays_written(stmt))
                inner.is_reverse, inner.is_plate = reverse, stmt.is_plate
                for part in body:
                    self.statement(part, inner.scope)
                scope.items.append(inner)
            case _:
                assert_never(stmt)

    def _origin(self, stmt: Let | Add, scope: Scope) -> None:
        if stmt.span is not None:
            scope.items.append(Origin(stmt.span))

    def _loop(self, axis: Axis, scope: Scope, written: frozenset[str]) -> Loop:
        lower = self._value(axis.lower, scope, False)
        upper = self._value(axis.upper, scope, False)
        return Loop(axis, lower, upper, Scope(scope, axis.var, written))

    def _assignment(
        self, stmt: Let | Add, axes: tuple[Axis, ...], scope: Scope
    ) -> None:
        used = frozenset[str]().union(*map(free_vars, stmt.indices))
        if stmt.indices and axes and not used & {axis.var for axis in axes}:
            # The same element every time: a local sum, added to it once.
            value = stmt.value
            for axis in reversed(axes):
                value = Reduce(Reduction.SUM, axis, value)
            self._write(stmt, value, scope)
        elif axes:
            loop = self._loop(axes[0], scope, frozenset((stmt.array,)))
            self._assignment(stmt, axes[1:], loop.scope)
            scope.items.append(loop)
        else:
            self._write(stmt, stmt.value, scope)

    def _write(self, stmt: Let | Add, expr: Expr, scope: Scope) -> None:
        array = self.arrays[stmt.array]
        value = self._value(expr, scope, False)
        if array.storage is Storage.LOCAL and not array.shape:
            if value.label is None and not isinstance(value.operation, Literal | Load):
                value.label = array.name
            self._scalars[array.name] = value
            return
        indices = tuple(self._index(index, scope, False) for index in stmt.indices)
        scope.items.append(Store(array.name, indices, value, isinstance(stmt, Add)))
        version = self._versions.get(array.name, 0) + 1
        self._versions[array.name] = version
        kind = array_kind(array)
        if isinstance(stmt, Let) and value.kind is kind:
            # What is read back at once need not come from memory.
            key = (Load(array.name, version), *map(id, indices))
            scope.known[key] = value

    # -------------------------------------------------------------- expressions

    def _value(self, expr: Expr, scope: Scope, guarded: bool) -> Value:
        key = (id(expr), guarded, id(scope))
        if key not in self._walked:
            self._walked[key] = expr, self._evaluate(expr, scope, guarded)
        return self._walked[key][1]

    def _evaluate(self, expr: Expr, scope: Scope, guarded: bool) -> Value:
        match expr:
            case Const(value=value, scalar=scalar):
                return self._emit(Literal(value, scalar), (), Kind(scalar.value), scope)
            case Var(name=name):
                owner = next(s for s in reversed(scope.path()) if s.variable == name)
                return self._emit(Index(owner), (), Kind.INT, scope)
            case Size(dim=dim):
                return self._emit(Extent(dim), (), Kind.INT, scope)
            case Read():
                return self._read(expr, scope, guarded)
            case Apply(primitive=primitive, arguments=arguments):
                inner = guarded or primitive in _GUARDS
                first = arguments[:1]
                values = [self._value(a, scope, guarded) for a in first]
                values += [self._value(a, scope, inner) for a in arguments[1:]]
                kind = call_kind(primitive, values)
                return self._emit(Call(primitive), tuple(values), kind, scope)
            case Reduce(kind=Reduction.LOGSUMEXP):
                return self._value(_log_of_sum(expr), scope, guarded)
            case Reduce():
                return self._reduce(expr, self._home(expr, scope), guarded)
            case MatrixElement():
                raise AssertionError(f"lowering leaves no {expr}")
            case _:
                assert_never(expr)

    def _read(self, expr: Read, scope: Scope, guarded: bool) -> Value:
        array = self.arrays[expr.array]
        if array.storage is Storage.LOCAL and not array.shape:
            return self._scalars[array.name]
        indices = []
        for dimension, index in enumerate(expr.indices):
            value = self._index(index, scope, guarded)
            if guarded and not isinstance(index, Var | Const):
                value = self._emit(
                    Clamp(array.name, dimension), (value,), Kind.INT, scope
                )
            indices.append(value)
        load = Load(array.name, self._versions.get(array.name, 0))
        return self._emit(load, tuple(indices), array_kind(array), scope)

    def _index(self, expr: Expr, scope: Scope, guarded: bool) -> Value:
        value = self._value(expr, scope, guarded)
        if value.kind is not Kind.INT:
            raise Unsupported("an index depends on a parameter")
        return value

    def _reduce(self, expr: Reduce, scope: Scope, guarded: bool) -> Value:
        loop = self._loop(expr.axis, scope, frozenset())
        body = self._value(expr.body, loop.scope, guarded)
        fold = Fold(expr.kind, fold_kind(expr.kind, body.kind))
        loop.scope.items.append(Update(fold, body))
        scope.items += [fold, loop]
        total = Value(Total(fold), (), fold.kind, scope.depth)
        scope.items.append(total)
        return total

    # ----------------------------------------------------------------- placement

    def _emit(
        self,
        operation: Operation,
        arguments: tuple[Value, ...],
        kind: Kind,
        scope: Scope,
    ) -> Value:
        """The value, from where it is known or computed as far out as can be."""
        key = (operation, *map(id, arguments))
        path = scope.path()
        for outer in path:
            if key in outer.known:
                return outer.known[key]
        depth = _depth(operation, arguments, path)
        value = Value(operation, arguments, kind, depth)
        path[depth].known[key] = value
        path[depth].items.append(value)
        return value

    def _home(self, expr: Expr, scope: Scope) -> Scope:
        """The outermost scope in which an expression can be evaluated."""
        path = scope.path()
        depths = {s.variable: s.depth for s in path}
        depth = 0
        for node in walk(expr):
            match node:
                case Var(name=name):
                    depth = max(depth, depths.get(name, 0))
                case Read(array=array) if array in self._scalars:
                    depth = max(depth, self._scalars[array].depth)
                case Read(array=array):
                    depth = max(depth, _last_writer(array, path))
                case _:
                    pass
        return path[depth]


def _log_of_sum(expr: Reduce) -> Expr:
    """logsumexp by the largest term, unless that is infinite."""
    largest = Reduce(Reduction.MAX, expr.axis, expr.body)
    is_finite = apply("less", apply("abs", largest), real(float("inf")))
    shift = select(is_finite, largest, ZERO)
    terms = apply("exp", subtract(expr.body, shift))
    return add(apply("log", Reduce(Reduction.SUM, expr.axis, terms)), shift)


def _depth(
    operation: Operation, arguments: tuple[Value, ...], path: list[Scope]
) -> int:
    depth = max((argument.depth for argument in arguments), default=0)
    match operation:
        case Index(scope=scope):
            return max(depth, scope.depth)
        case Load(array=array):
            return max(depth, _last_writer(array, path))
        case _:
            return depth


def _last_writer(array: str, path: list[Scope]) -> int:
    """The depth of the innermost scope whose loop writes the array."""
    return max((s.depth for s in path if array in s.written), default=0)
