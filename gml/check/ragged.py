"""Ragged dims: `dim visit(patient)`, and reductions within each parent."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from attrs import evolve

from gml.check import expressions, mistakes
from gml.check.declarations import Declarations
from gml.check.interval import POSITIVE
from gml.check.scope import ArrayName, Mistake, Scope, Typed
from gml.ir import build
from gml.ir.model import (
    BooleanSupport,
    DataVariable,
    IndexSupport,
    IntegerSupport,
    ModelDim,
    RaggedNames,
    scalar_of,
)
from gml.ir.nodes import Const, Expr, Read, Reduction, Scalar, Var
from gml.ir.traverse import fresh_name, substitute
from gml.syntax import ast


def ragged_names(found: Declarations, child: str, parent: str) -> RaggedNames:
    """Names of the data that describe a ragged dim, none of them the user's."""
    taken = {*found.names(), *found.data, *found.constants, *found.dims}

    def fresh(suffix: str) -> str:
        name = fresh_name(f"{child}_{suffix}", taken)
        taken.add(name)
        return name

    return RaggedNames(
        parent,
        fresh(parent),
        fresh("count"),
        fresh("cell"),
        fresh("is_cell"),
        fresh("slot"),
    )


def structure(dims: Iterable[ModelDim]) -> Iterator[DataVariable]:
    """The data that describe the ragged dims, derived from what the user gives."""
    for dim in dims:
        if (names := dim.ragged) is None:
            continue
        table = (names.parent, names.slot)
        zero = build.integer(0)
        for name, shape, support in (
            (names.index, (dim.name,), IndexSupport(names.parent)),
            (names.count, (names.parent,), IntegerSupport(lower=zero)),
            (names.cell, table, IndexSupport(dim.name)),
            (names.is_cell, table, BooleanSupport()),
        ):
            yield DataVariable(name, shape, support, span=dim.span, is_derived=True)


def array_name(datum: DataVariable) -> ArrayName:
    index_of = datum.support.dim if isinstance(datum.support, IndexSupport) else None
    scalar = scalar_of(datum.support)
    return ArrayName(
        datum.name, scalar, datum.dims, POSITIVE, index_of, True, datum.span
    )


def parent_index(index: Expr, found: str, wanted: str, scope: Scope) -> Expr | None:
    """A position in `found` as that of its ancestor in `wanted`, if it has one."""
    dim = found
    while (names := scope.ragged.get(scope.root(dim))) is not None:
        index, dim = Read(names.index, (index,)), names.parent
        if scope.same_dim(dim, wanted):
            return index
    return None


def segment_fold(
    binder: ast.Binder, value: Typed, scope: Scope
) -> tuple[Callable[[Reduction, Typed], Typed], Typed]:
    """How to fold over `visit(patient)`, and the number of elements folded."""
    assert isinstance(binder.domain, ast.Name)
    assert binder.parent is not None
    dim, parent = binder.domain.name, binder.parent.name
    names = scope.ragged.get(dim)
    if names is None or names.parent != parent:
        raise Mistake(mistakes.not_ragged(binder.span, dim, parent))
    if dim not in value.dims:
        raise Mistake(
            mistakes.missing_reduction_dim(
                binder.domain.span, dim, list(value.dims), value.span
            )
        )
    place = (Var(parent), Var(names.slot))

    def fold(kind: Reduction, each: Typed) -> Typed:
        each = expressions.as_real(each)
        if parent in each.dims:
            raise Mistake(mistakes.both_ragged(each.span, dim, parent))
        inside = substitute(each.expr, {dim: Read(names.cell, place)})
        body = build.select(Read(names.is_cell, place), inside, _neutral(kind))
        dims = tuple(parent if d == dim else d for d in each.dims)
        padded = evolve(each, expr=body, dims=(*dims, names.slot))
        return expressions.reduce_over(kind, padded, names.slot, scope, each.span)

    count = Typed(
        Read(names.count, (Var(parent),)), Scalar.INT, binder.span, (parent,), POSITIVE
    )
    return fold, expressions.as_real(count)


def _neutral(kind: Reduction) -> Const:
    match kind:
        case Reduction.SUM:
            return build.real(0)
        case Reduction.PROD:
            return build.real(1)
        case Reduction.MAX | Reduction.LOGSUMEXP | Reduction.DRAW_INDEX:
            return build.real(-math.inf)
        case Reduction.MIN:
            return build.real(math.inf)
        case _:
            assert_never(kind)
