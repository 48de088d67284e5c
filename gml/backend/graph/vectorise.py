"""Statements of a density as MLX array operations, chains last."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import assert_never

import numpy as np
from attrs import define, evolve, field, frozen

from gml.backend.graph import indexing
from gml.backend.graph.evaluation import (
    Evaluation,
    StoredArray,
    contract,
)
from gml.backend.graph.indexing import Along, Fixed, Gather, Index
from gml.backend.graph.mlx_import import mx
from gml.backend.graph.products import lengths_by_depth
from gml.backend.graph.scope import (
    HostProgram,
    Scope,
    Sweep,
    SweptNumbers,
    Values,
    scope_of,
)
from gml.backend.graph.storage import (
    Accumulator,
    WrittenArray,
    whole_region,
)
from gml.backend.graph.sums import GroupLevel, group_plan, group_sums, leading_sum
from gml.backend.graph.trace import Trace, without_leading_ones
from gml.backend.graph.unsupported import GraphUnsupportedError
from gml.backend.layout import NO_VARIABLES, axis_range, shape_value
from gml.ir.nodes import (
    SCORE,
    Add,
    Apply,
    Array,
    Axis,
    Density,
    Let,
    Reduce,
    Scan,
    Stmt,
    Storage,
)
from gml.ir.traverse import free_vars, statement_expressions, walk

MAX_UNROLLED = 20_000
"""The most operations that scans may unroll into.

mx.compile takes a second at that size, and its recursion overflows an 8 MB stack at
some 40,000 operations in a row.
"""


@define(eq=False)
class Program:
    """A density's statements made ready to be traced again and again.

    Whatever depends on data alone is evaluated once, by the first trace.
    """

    density: Density
    host: HostProgram
    _scopes: dict[tuple[int, tuple[int, ...]], Scope] = field(factory=dict)
    _swept: dict[int, SweptNumbers] = field(factory=dict)
    _plans: dict[tuple[bytes, int], list[GroupLevel]] = field(factory=dict)
    _rows: dict[int, tuple[Axis, Let]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        scans = [stmt for stmt in self.density.body if isinstance(stmt, Scan)]
        counts = [unrolled_operations(scan, self.host.sizes) for scan in scans]
        if sum(counts) > MAX_UNROLLED:
            raise GraphUnsupportedError(
                f"the recurrences would unroll into {sum(counts)} operations; "
                f"the graph backend takes at most {MAX_UNROLLED}",
                scans[counts.index(max(counts))].span,
            )

    def shape(self, name: str) -> tuple[int, ...]:
        return shape_value(self.density.array(name).shape, self.host.sizes)

    def scope(self, stmt: Let | Add, sweep: Sweep) -> Scope:
        """The scope of a statement: axes in the order of the target's indices."""
        key = (id(stmt), sweep.values)
        if key not in self._scopes:
            used = [free_vars(index) for index in stmt.indices]

            def order(axis: Axis) -> int:
                places = [k for k, names in enumerate(used) if axis.var in names]
                # The last index is nearest the chains; sums are outermost.
                return len(used) - places[0] if places else len(used) + 1

            if id(stmt) not in self._swept:
                self._swept[id(stmt)] = SweptNumbers.over(self.host, sweep.axes)
            swept = self._swept[id(stmt)]
            self._scopes[key] = scope_of(self.host, stmt.axes, order, sweep, swept)
        return self._scopes[key]

    def rows(self, stmt: Let) -> tuple[Axis, Let]:
        """A Let over axes that depend on one another, by the first that others need.

        Its elements are no rectangle of their array, but those of each row are.
        """
        if id(stmt) not in self._rows:
            bounds = [e for a in stmt.axes for e in (a.lower, a.upper)]
            needed = frozenset[str]().union(*map(free_vars, bounds))
            outer = next(axis for axis in stmt.axes if axis.var in needed)
            rest = tuple(axis for axis in stmt.axes if axis is not outer)
            self._rows[id(stmt)] = outer, evolve(stmt, axes=rest)
        return self._rows[id(stmt)]

    def range(self, axis: Axis, sweep: Sweep) -> range:
        """The values of an axis where the scans around it stand."""
        names = (outer.var for outer in sweep.axes)
        variables = dict(zip(names, sweep.values, strict=True))
        return axis_range(axis, self.host.sizes, variables)

    def plan(self, groups: Values, num_groups: int) -> list[GroupLevel]:
        key = (groups.tobytes(), num_groups)
        if key not in self._plans:
            self._plans[key] = group_plan(groups, num_groups)
        return self._plans[key]


def unrolled_operations(
    stmt: Stmt, sizes: Mapping[str, int], variables: Mapping[str, int] = NO_VARIABLES
) -> int:
    """How many operations a statement becomes."""
    match stmt:
        case Let() | Add():
            expressions = statement_expressions(stmt)
            return sum(
                isinstance(node, Apply | Reduce)
                for expr in expressions
                for node in walk(expr)
            )
        case Scan(axis=axis, body=body):
            values = axis_range(axis, sizes, variables)
            if not any(isinstance(inner, Scan) for inner in body):
                once = sum(unrolled_operations(inner, sizes) for inner in body)
                return len(values) * once
            return sum(
                unrolled_operations(inner, sizes, {**variables, axis.var: value})
                for value in values
                for inner in body
            )
        case _:
            assert_never(stmt)


@frozen(eq=False)
class Execution:
    """One trace of a program: its arrays so far."""

    program: Program
    trace: Trace
    arrays: dict[str, WrittenArray | Accumulator] = field(factory=dict)
    score_parts: dict[tuple[int, ...], mx.array] = field(factory=dict)

    def bind(self, name: str, array: mx.array) -> None:
        """Give an array all its elements."""
        written = WrittenArray(self.trace, self.program.shape(name))
        written.put(whole_region(written.shape), array)
        self.arrays[name] = written

    def run(self) -> None:
        for stmt in self.program.density.body:
            self._execute(stmt, Sweep())

    def array(self, name: str) -> WrittenArray | Accumulator:
        if name not in self.arrays:
            shape = self.program.shape(name)
            declared: Array = self.program.density.array(name)
            is_sum = declared.storage is Storage.ADJOINT
            self.arrays[name] = (
                Accumulator(self.trace, shape)
                if is_sum
                else WrittenArray(self.trace, shape)
            )
        return self.arrays[name]

    def _execute(self, stmt: Stmt, sweep: Sweep) -> None:
        try:
            match stmt:
                case Let():
                    self._let(stmt, sweep)
                case Add():
                    self._add(stmt, self.program.scope(stmt, sweep))
                case Scan():
                    self._scan(stmt, sweep)
                case _:
                    assert_never(stmt)
        except GraphUnsupportedError as error:
            if error.span is None and stmt.span is not None:
                raise GraphUnsupportedError(error.message, stmt.span) from error
            raise

    def _scan(self, stmt: Scan, sweep: Sweep) -> None:
        values = self.program.range(stmt.axis, sweep)
        for value in reversed(values) if stmt.reverse else values:
            inner = sweep.inside(stmt.axis, value)
            for body_stmt in stmt.body:
                self._execute(body_stmt, inner)

    # ------------------------------------------------------------ let and add

    def _let(self, stmt: Let, sweep: Sweep) -> None:
        scope = self.program.scope(stmt, sweep)
        if 0 in scope.lengths:
            return
        if scope.mask is not None:
            axis, row = self.program.rows(stmt)
            for place in self.program.range(axis, sweep):
                self._let(row, sweep.inside(axis, place))
            return
        target = self.array(stmt.array)
        assert isinstance(target, WrittenArray)
        evaluation = Evaluation(self.trace, scope, self._stored)
        indices = self._indices(stmt, scope, target.shape)
        value = evaluation.value(stmt.value)
        axes = [index.depth if isinstance(index, Along) else None for index in indices]
        value = indexing.to_axes(self.trace, value, axes) if axes else value
        target.write(indexing.region_of(indices, target.shape), value)

    def _add(self, stmt: Add, scope: Scope) -> None:
        if 0 in scope.lengths:
            return
        evaluation = Evaluation(self.trace, scope, self._stored)
        if stmt.array == SCORE:
            everywhere = frozenset(range(scope.depth))
            self._add_to_score(contract(evaluation, stmt.value, everywhere))
            return
        target = self.array(stmt.array)
        assert isinstance(target, Accumulator)
        indices = self._indices(stmt, scope, target.shape)
        kept = frozenset(d for index in indices for d in _depths(index))
        others = frozenset(range(scope.depth)) - kept
        value = contract(evaluation, stmt.value, others)
        lengths = lengths_by_depth(value, scope.depth)
        over = sorted((d for d in others if lengths[d] > 1), reverse=True)
        if not indexing.has_one_place_each(indices):  # a diagonal, or several gathers
            self._add_flattened(target, indices, value, over, scope)
        elif any(isinstance(index, Gather) for index in indices):
            self._add_gathered(target, indices, value, over, scope)
        else:
            axes = [next(iter(_depths(index)), None) for index in indices]
            if axes or over:  # scalars keep the axes of length one that they have
                value = indexing.to_axes(self.trace, value, [*over, *axes])
            target.add(indexing.region_of(indices, target.shape), value, len(over))

    def _add_to_score(self, value: mx.array) -> None:
        shape = without_leading_ones(value.shape[:-1])
        known = self.score_parts.get(shape)
        total = value if known is None else self.trace(mx.add, known, value)
        self.score_parts[shape] = total

    def _add_gathered(
        self,
        target: Accumulator,
        indices: list[Index],
        value: mx.array,
        over: list[int],
        scope: Scope,
    ) -> None:
        """One axis is indexed by data: rows are summed by group along it."""
        (place,) = (k for k, i in enumerate(indices) if isinstance(i, Gather))
        gather = indices[place]
        assert isinstance(gather, Gather)
        rest: list[int | None] = [
            next(iter(_depths(index)), None)
            for k, index in enumerate(indices)
            if k != place
        ]
        rows = self._rows(value, over, list(gather.depths), rest, scope)
        plan = self.program.plan(gather.flat, target.shape[place])
        sums = group_sums(self.trace, rows, plan)
        order = (*range(1, place + 1), 0, *range(place + 1, len(indices) + 1))
        region = indexing.region_of(indices, target.shape)
        target.add(region, self.trace.transpose(sums, order), 0)

    def _add_flattened(
        self,
        target: Accumulator,
        indices: list[Index],
        value: mx.array,
        over: list[int],
        scope: Scope,
    ) -> None:
        """Several axes are indexed at once: rows are summed by flattened index."""
        kept = sorted({d for i in indices for d in _depths(i)}, reverse=True)
        flat = indexing.flattened(indices, target.shape).values
        lengths = [
            scope.lengths[d] if d in kept else 1 for d in range(scope.depth - 1, -1, -1)
        ]
        groups = np.broadcast_to(flat, lengths).reshape(-1)
        rows = self._rows(value, over, kept, [], scope)
        sums = group_sums(
            self.trace, rows, self.program.plan(groups, prod(target.shape))
        )
        sums = self.trace.reshape(sums, (*target.shape, sums.shape[-1]))
        target.add(whole_region(target.shape), sums, 0)

    def _rows(
        self,
        value: mx.array,
        over: list[int],
        grouped: list[int],
        rest: list[int | None],
        scope: Scope,
    ) -> mx.array:
        """Summed over `over`; the axes at `grouped` as one, first; then `rest`."""
        axes = indexing.to_axes(self.trace, value, [*over, *grouped, *rest])
        axes = leading_sum(self.trace, axes, len(over))
        lengths = tuple(scope.lengths[d] for d in grouped)
        after = axes.shape[len(grouped) :]
        filled = self.trace.broadcast(axes, (*lengths, *after))
        return self.trace.reshape(filled, (prod(lengths), *after))

    def _indices(
        self, stmt: Let | Add, scope: Scope, shape: tuple[int, ...]
    ) -> list[Index]:
        pairs = zip(stmt.indices, shape, strict=True)
        return [indexing.classified(scope, index, extent) for index, extent in pairs]

    def _stored(self, name: str) -> StoredArray:
        return self.array(name)


def _depths(index: Index) -> tuple[int, ...]:
    """The variables an index varies with."""
    match index:
        case Fixed():
            return ()
        case Along(depth=depth):
            return (depth,)
        case Gather():
            return index.depths
        case _:
            assert_never(index)
