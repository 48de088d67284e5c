"""Checks that a density is well formed; run after every pass in tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NoReturn

from gml.ir.nodes import (
    Add,
    Apply,
    Array,
    Axis,
    Const,
    Density,
    Expr,
    Let,
    MatrixElement,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Scan,
    Size,
    Stmt,
    Storage,
    Var,
)
from gml.ir.primitives import PRIMITIVES
from gml.ir.printer import print_expr, print_statement
from gml.ir.ranges import overlap, written_regions
from gml.ir.traverse import arrays_read, arrays_written, children, free_vars, walk
from gml.ir.types import join, scalar_of_expr

# The arguments that must be conditions.
_CONDITIONS = {"select": (0,), "and": (0, 1), "or": (0, 1), "not": (0,)}


class InvalidDensity(Exception):  # noqa: N818  the name says what is wrong
    """A broken rule of the IR, with the statement that breaks it: a compiler bug."""


def verify(density: Density) -> None:
    """Raise when the density breaks a rule of `gml.ir.nodes`.

    Parameters
    ----------
    density
        At any stage from lowering on.

    Raises
    ------
    InvalidDensity
        With the text of the offending statement.
    """
    _verify_declarations(density)
    arrays = {array.name: array for array in density.arrays}
    dims = {dim.name for dim in density.dims}
    for statements, storages in (
        (density.host, (Storage.HOST, Storage.HOST)),
        (density.body, (Storage.LOCAL, Storage.ADJOINT)),
    ):
        _verify_writers(statements, arrays, storages)
        given = {Storage.DATA, Storage.HOST, Storage.POSITION, Storage.ADJOINT}
        if statements is density.host:
            given = {Storage.DATA}
        written = {a.name for a in density.arrays if a.storage in given}
        for stmt in statements:
            _Checker(arrays, dims, stmt).statement(stmt, frozenset())
        _verify_order(statements, written)


def _verify_declarations(density: Density) -> None:
    arrays = {array.name: array for array in density.arrays}
    if len(arrays) < len(density.arrays):
        raise InvalidDensity("two arrays have one name")
    dims = {dim.name for dim in density.dims}
    for array in density.arrays:
        for node in (node for extent in array.shape for node in walk(extent)):
            if isinstance(node, Size) and node.dim not in dims:
                raise InvalidDensity(f"{array.name}: no dim {node.dim}")
    for site in density.sites:
        position = arrays.get(site.position)
        if position is None or position.storage is not Storage.POSITION:
            raise InvalidDensity(f"{site.name}: no position array {site.position}")
        if position.shape != site.shape:
            raise InvalidDensity(f"{site.name}: shape differs from {site.position}")
        if site.value not in arrays:
            raise InvalidDensity(f"{site.name}: no array {site.value}")
    if density.gradient and len(density.gradient) != len(density.sites):
        raise InvalidDensity("the gradient has not one array for each site")
    for name in density.gradient:
        if name not in arrays or arrays[name].storage is not Storage.ADJOINT:
            raise InvalidDensity(f"the gradient names {name}")


def _fail(stmt: Stmt, reason: str) -> NoReturn:
    raise InvalidDensity(f"{reason}\n  in: {print_statement(stmt)}")


# -------------------------------------------------------------------- writers


def _flat(statements: Iterable[Stmt]) -> Iterable[Let | Add]:
    for stmt in statements:
        if isinstance(stmt, Scan):
            yield from _flat(stmt.body)
        else:
            yield stmt


def _verify_writers(
    statements: tuple[Stmt, ...],
    arrays: Mapping[str, Array],
    storages: tuple[Storage, Storage],
) -> None:
    kinds: dict[str, type] = {}
    resets = {id(stmt) for stmt in _resets(statements)}
    for stmt in _flat(statements):
        if stmt.array not in arrays:
            _fail(stmt, f"{stmt.array} is not declared")
        if id(stmt) in resets and arrays[stmt.array].storage is storages[1]:
            continue
        wanted = storages[0] if isinstance(stmt, Let) else storages[1]
        if arrays[stmt.array].storage is not wanted:
            _fail(stmt, f"{stmt.array} is not a {wanted.value} array")
        if kinds.setdefault(stmt.array, type(stmt)) is not type(stmt):
            _fail(stmt, f"{stmt.array} is both defined and added to")
    for name, regions in written_regions(statements).items():
        for (_, left), (second, right) in combinations(regions, 2):
            if all(map(overlap, left, right)):
                _fail(second, f"{name} is defined twice")


def _resets(statements: Iterable[Stmt]) -> Iterable[Let]:
    """The Lets by which loops make accumulators new for an iteration."""
    for stmt in statements:
        if isinstance(stmt, Scan):
            yield from _resets(stmt.body)
            for part in stmt.body:
                if isinstance(part, Let) and part.value == Const(0.0):
                    yield part


# ---------------------------------------------------------------------- order


def _verify_order(statements: Iterable[Stmt], written: set[str]) -> None:
    """Every array is read after something has written it.

    In a Scan an earlier iteration may have; then the read is of another element
    than the one that this iteration writes later.
    """
    for stmt in statements:
        if isinstance(stmt, Scan):
            _verify_scan_order(stmt, written)
        else:
            for name in _reads(stmt):
                if name not in written:
                    _fail(stmt, f"{name} is read before it is written")
        written |= arrays_written(stmt)


def _verify_scan_order(scan: Scan, written: set[str]) -> None:
    places = _iteration_places(scan)
    here = Var(scan.axis.var)
    done = set(written)
    for stmt in _flat(scan.body):
        for node in (node for expr in _expressions(stmt) for node in walk(expr)):
            if not isinstance(node, Read) or node.array in done:
                continue
            own = places.get(node.array)
            if own is None or any(node.indices[place] == here for place in own):
                _fail(stmt, f"{node.array} is read before it is written")
        done.add(stmt.array)


def _iteration_places(scan: Scan) -> dict[str, set[int]]:
    """Which indices of the arrays that a Scan writes say in which iteration."""
    places: dict[str, set[int]] = {}
    for stmt in _flat(scan.body):
        own = {k for k, i in enumerate(stmt.indices) if i == Var(scan.axis.var)}
        places[stmt.array] = places.get(stmt.array, own) & own
    return places


def _expressions(stmt: Let | Add) -> list[Expr]:
    return [*stmt.indices, stmt.value]


def _reads(stmt: Let | Add) -> frozenset[str]:
    return frozenset[str]().union(*map(arrays_read, _expressions(stmt)))


# ---------------------------------------------------------------- expressions


class _Checker:
    """Scopes, ranks and types within one statement."""

    def __init__(
        self, arrays: Mapping[str, Array], dims: set[str], outermost: Stmt
    ) -> None:
        self._arrays = arrays
        self._dims = dims
        self._stmt = outermost
        self._seen: dict[int, tuple[frozenset[str], frozenset[str]]] = {}

    def statement(self, stmt: Stmt, scope: frozenset[str]) -> None:
        self._stmt = stmt
        if isinstance(stmt, Scan):
            scope = self._axis(stmt.axis, scope)
            for inner in stmt.body:
                self.statement(inner, scope)
            return
        inner_scope = scope
        for axis in stmt.axes:
            inner_scope = self._axis(axis, inner_scope)
        self._target(stmt, inner_scope)
        self._expression(stmt.value, inner_scope)
        have, want = self._scalar(stmt.value), self._arrays[stmt.array].scalar
        if join(have, want) is not want:
            _fail(stmt, f"a {have.value} value for a {want.value} array")

    def _axis(self, axis: Axis, scope: frozenset[str]) -> frozenset[str]:
        if axis.var in scope:
            _fail(self._stmt, f"index variable {axis.var} is bound twice")
        self._bounds(axis)
        for bound in (axis.lower, axis.upper):
            self._expression(bound, scope)
        return scope | {axis.var}

    def _bounds(self, axis: Axis) -> None:
        for bound in (axis.lower, axis.upper):
            if arrays_read(bound):
                _fail(self._stmt, f"a bound of {axis.var} reads an array")
            if self._scalar(bound) is not Scalar.INT:
                _fail(self._stmt, f"a bound of {axis.var} is not an int")

    def _target(self, stmt: Let | Add, scope: frozenset[str]) -> None:
        self._element(stmt.array, stmt.indices)
        for index in stmt.indices:
            self._expression(index, scope)
        if isinstance(stmt, Add):
            return
        names = [index.name for index in stmt.indices if isinstance(index, Var)]
        consts = [i for i in stmt.indices if not free_vars(i) | arrays_read(i)]
        if len(names) + len(consts) < len(stmt.indices) or len(set(names)) < len(names):
            _fail(stmt, "an element is named by distinct variables, numbers and sizes")
        for axis in stmt.axes:
            if axis.var not in names:
                _fail(stmt, f"an element would have a value for each {axis.var}")

    def _element(self, name: str, indices: tuple[Expr, ...]) -> None:
        if name not in self._arrays:
            _fail(self._stmt, f"{name} is not declared")
        rank = len(self._arrays[name].shape)
        if len(indices) != rank:
            _fail(self._stmt, f"{name} has {rank} indices, not {len(indices)}")
        for index in indices:
            if self._scalar(index) is not Scalar.INT:
                _fail(self._stmt, f"index {print_expr(index)} is not an int")

    def _scalar(self, expr: Expr) -> Scalar:
        return scalar_of_expr(expr, self._arrays)

    def _expression(self, expr: Expr, scope: frozenset[str]) -> None:
        free, bound = self._variables(expr)
        if free - scope:
            _fail(self._stmt, f"unbound index variables {sorted(free - scope)}")
        if bound & scope:
            _fail(self._stmt, f"index variables bound twice: {sorted(bound & scope)}")

    def _variables(self, node: Expr) -> tuple[frozenset[str], frozenset[str]]:
        """Free and bound index variables, after checking the node itself."""
        if id(node) not in self._seen:
            nothing = frozenset[str]()
            found = [self._variables(child) for child in children(node)]
            free = nothing.union(*(f for f, _ in found))
            bound = nothing.union(*(b for _, b in found))
            self._check(node)
            if isinstance(node, Var):
                free |= {node.name}
            if isinstance(node, Reduce):
                if node.axis.var in bound:
                    _fail(self._stmt, f"{node.axis.var} is bound twice")
                free, bound = free - {node.axis.var}, bound | {node.axis.var}
            self._seen[id(node)] = free, bound
        return self._seen[id(node)]

    def _check(self, node: Expr) -> None:
        match node:
            case Read(array=array, indices=indices):
                self._element(array, indices)
            case Size(dim=dim):
                if dim not in self._dims:
                    _fail(self._stmt, f"no dim {dim}")
            case Reduce(kind=kind, axis=axis):
                self._bounds(axis)
                if kind is Reduction.DRAW_INDEX:
                    _fail(self._stmt, "a density draws nothing")
            case Apply():
                self._application(node)
            case MatrixElement():
                _fail(self._stmt, "a function of matrices has no statements")
            case _:
                pass

    def _application(self, node: Apply) -> None:
        primitive = PRIMITIVES.get(node.primitive)
        if primitive is None:
            _fail(self._stmt, f"no primitive {node.primitive}")
        if not primitive.is_pure:
            _fail(self._stmt, "a density draws nothing")
        if len(node.arguments) != primitive.arity:
            _fail(self._stmt, f"{node.primitive} takes {primitive.arity} arguments")
        for place in _CONDITIONS.get(node.primitive, ()):
            if self._scalar(node.arguments[place]) is not Scalar.BOOL:
                text = print_expr(node.arguments[place])
                _fail(self._stmt, f"condition {text} is not a bool")
