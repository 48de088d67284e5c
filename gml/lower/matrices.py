"""Functions of matrices as statements: recurrences in index notation.

A Cholesky factor is built column by column, the solution of triangular equations
element by element. As ordinary scans they print on every backend, and the pass that
differentiates scans gives their reverse: the recurrences of I. Murray, "Differentiation
of the Cholesky decomposition" (2016), in its unblocked form.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, evolve, field

from gml.ir.build import apply, divide, integer, multiply, real, subtract
from gml.ir.nodes import (
    Array,
    Axis,
    Expr,
    Let,
    MatrixElement,
    MatrixFunction,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Scan,
    Stmt,
    Storage,
    Var,
)
from gml.ir.scopes import Scope, extents, narrowed
from gml.ir.traverse import (
    arrays_read,
    arrays_written,
    free_vars,
    fresh_name,
    rebuild,
    substitute,
    walk,
)
from gml.lower.names import OwnNames
from gml.source import Span

Known = dict[tuple[object, ...], str]
"""The arrays of what has been computed, by a form without names."""


@define
class _Place:
    """Where statements go: before the one at hand, or before all Scans around it."""

    scans: Scope
    written: frozenset[str]
    before: list[Stmt]
    outside: list[Stmt]
    known: Known
    span: Span | None = None


@define
class MatrixStatements:
    """The arrays of a density, while functions of matrices get some of their own."""

    arrays: dict[str, Array]
    own: OwnNames
    _known: Known = field(factory=dict)

    def program(self, statements: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """The statements, each after those of the matrices it needs."""
        result: list[Stmt] = []
        for stmt in statements:
            before: list[Stmt] = []
            place = _Place((), frozenset(), before, before, self._known)
            rewritten = self._statement(stmt, place)
            result += [*before, rewritten]
        return tuple(result)

    def _statement(self, stmt: Stmt, place: _Place) -> Stmt:
        if isinstance(stmt, Scan):
            return self._scan(stmt, place)
        place = evolve(place, span=stmt.span)
        scope = (*place.scans, *stmt.axes)
        return evolve(stmt, value=_Naming(self, place, scope).expr(stmt.value))

    def _scan(self, scan: Scan, outer: _Place) -> Scan:
        body: list[Stmt] = []
        scans = (*outer.scans, scan.axis)
        known: Known = {}
        for stmt in scan.body:
            before: list[Stmt] = []
            written = outer.written | arrays_written(scan)
            place = _Place(scans, written, before, outer.outside, known)
            rewritten = self._statement(stmt, place)
            body += [*before, rewritten]
        return evolve(scan, body=tuple(body))

    def array(self, function: MatrixFunction, operands: tuple[Expr, ...]) -> str:
        """A name for the result: of the function and of what it is applied to."""
        reads = (n.array for e in operands for n in walk(e) if isinstance(n, Read))
        subject = next(reads, "matrix")
        return self.own.matrix(f"{function.value}_{subject}")

    def declare(self, name: str, shape: tuple[Expr, ...]) -> None:
        self.arrays[name] = Array(name, Scalar.REAL, shape, Storage.LOCAL)


class _Naming:
    """One expression's functions of matrices, replaced by reads of their arrays."""

    def __init__(self, program: MatrixStatements, place: _Place, scope: Scope) -> None:
        self._program = program
        self._place = place
        self._scope = scope
        self._memo: dict[int, tuple[Expr, Expr]] = {}

    def expr(self, expr: Expr) -> Expr:
        if id(expr) not in self._memo:
            self._memo[id(expr)] = expr, self._replaced(expr)
        return self._memo[id(expr)][1]

    def _replaced(self, expr: Expr) -> Expr:
        match expr:
            case Reduce(axis=axis, body=body):
                return evolve(expr, body=self._within(axis).expr(body))
            case MatrixElement():
                return self._element(expr)
            case _:
                return rebuild(expr, self.expr)

    def _within(self, *axes: Axis) -> _Naming:
        return _Naming(self._program, self._place, (*self._scope, *axes))

    def _element(self, expr: MatrixElement) -> Read:
        inner = self._within(expr.row, expr.column)
        expr = evolve(expr, operands=tuple(map(inner.expr, expr.operands)))
        place = self._place
        needed = frozenset[str]().union(*map(free_vars, expr.operands))
        needed -= {expr.row.var, expr.column.var}
        reads = frozenset[str]().union(*map(arrays_read, expr.operands))
        batch = narrowed(self._scope, needed)
        known, before = self._program._known, place.outside
        num_scans = 0
        if reads & place.written or {*batch} & {*place.scans}:
            scans = {axis.var for axis in place.scans}
            batch = narrowed(self._scope, needed | scans)
            known, before, num_scans = place.known, place.before, len(place.scans)
        key = _form(expr, batch)
        if key not in known:
            known[key] = self._program.array(expr.function, expr.operands)
            statements = _Statements(known[key], expr, batch, num_scans, place.span)
            before += statements.all(self._program)
        plates = tuple(Var(axis.var) for axis in batch)
        return Read(known[key], (*plates, *map(self.expr, expr.indices)))


def _form(expr: MatrixElement, batch: Scope) -> tuple[object, ...]:
    """What an element's array is computed of, whatever its variables are called."""
    names: dict[str, Expr] = {a.var: Var(f"#{k}") for k, a in enumerate(batch)}
    bounds = [substitute(e, names) for a in batch for e in (a.lower, a.upper)]
    names |= {expr.row.var: Var("#row"), expr.column.var: Var("#column")}
    operands = (substitute(operand, names) for operand in expr.operands)
    return (expr.function, expr.row.upper, *bounds, *operands)


class _Statements:
    """The recurrence of one function, for each point of a batch."""

    def __init__(
        self,
        name: str,
        expr: MatrixElement,
        batch: Scope,
        num_scans: int,
        span: Span | None,
    ) -> None:
        self.name, self.batch, self.span = name, batch, span
        self.expr, self.size = expr, expr.row.upper
        self.plates = tuple(Var(axis.var) for axis in batch)
        self.axes = batch[num_scans:]
        taken = {axis.var for axis in batch}.union(*map(free_vars, expr.operands))
        self.row = fresh_name("i", taken)
        self.column = fresh_name("j", taken)
        self.earlier = fresh_name("k", taken)

    def all(self, program: MatrixStatements) -> list[Stmt]:
        batch = extents(self.batch)
        match self.expr.function:
            case MatrixFunction.CHOLESKY:
                rest = program.own.matrix(f"{self.name}_column")
                for name in (self.name, rest):
                    program.declare(name, (*batch, self.size, self.size))
                return [self._cholesky(rest)]
            case MatrixFunction.SOLVE_LOWER:
                program.declare(self.name, (*batch, self.size))
                return [self._forwards()]
            case MatrixFunction.SOLVE_TRANSPOSED:
                program.declare(self.name, (*batch, self.size))
                return [self._backwards()]

    def _operand(self, number: int, row: Expr, column: Expr) -> Expr:
        at: Mapping[str, Expr] = {
            self.expr.row.var: row,
            self.expr.column.var: column,
        }
        return substitute(self.expr.operands[number], at)

    def _let(
        self, array: str, indices: tuple[Expr, ...], axes: Scope, value: Expr
    ) -> Let:
        return Let(
            array, (*self.plates, *indices), (*self.axes, *axes), value, self.span
        )

    def _sum(self, lower: Expr, upper: Expr, body: Expr) -> Reduce:
        return Reduce(Reduction.SUM, Axis(self.earlier, lower, upper), body)

    def _cholesky(self, rest: str) -> Scan:
        """rest[i, j] = A[i, j] - sum(k < j) L[i, k] L[j, k]; L[i, j] = it / its root.

        `rest` holds column j less what earlier columns explain of it: below the
        diagonal L[i, j] L[j, j], and on it the square of L[j, j].
        """
        i, j, k = Var(self.row), Var(self.column), Var(self.earlier)
        zero = integer(0)
        below = Axis(self.row, j, self.size)
        above = Axis(self.row, zero, j)

        def factor(row: Expr, column: Expr) -> Read:
            return Read(self.name, (*self.plates, row, column))

        explained = self._sum(zero, j, multiply(factor(i, k), factor(j, k)))
        column = subtract(self._operand(0, i, j), explained)
        root = apply("sqrt", Read(rest, (*self.plates, j, j)))
        scaled = divide(Read(rest, (*self.plates, i, j)), root)
        body = (
            self._let(rest, (i, j), (below,), column),
            self._let(self.name, (i, j), (below,), scaled),
            self._let(self.name, (i, j), (above,), real(0)),
        )
        return Scan(Axis(self.column, zero, self.size), body, span=self.span)

    def _forwards(self) -> Scan:
        """x[i] = (b[i] - sum(k < i) L[i, k] x[k]) / L[i, i]."""
        i, k, zero = Var(self.row), Var(self.earlier), integer(0)
        known = multiply(self._operand(0, i, k), Read(self.name, (*self.plates, k)))
        left = subtract(self._operand(1, i, i), self._sum(zero, i, known))
        value = divide(left, self._operand(0, i, i))
        body = (self._let(self.name, (i,), (), value),)
        return Scan(Axis(self.row, zero, self.size), body, span=self.span)

    def _backwards(self) -> Scan:
        """x[j] = (b[j] - sum(k > j) L[k, j] x[k]) / L[j, j], from the last one on."""
        j, k = Var(self.column), Var(self.earlier)
        known = multiply(self._operand(0, k, j), Read(self.name, (*self.plates, k)))
        after = self._sum(apply("add", j, integer(1)), self.size, known)
        left = subtract(self._operand(1, j, j), after)
        value = divide(left, self._operand(0, j, j))
        body = (self._let(self.name, (j,), (), value),)
        return Scan(Axis(self.column, integer(0), self.size), body, True, self.span)
