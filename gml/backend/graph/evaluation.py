"""Values of expressions over a scope, as MLX arrays."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Protocol, assert_never

from attrs import field, frozen

from gml.backend.graph import indexing
from gml.backend.graph.mlx_import import mx
from gml.backend.graph.ops import PRIMITIVES, apply_primitive
from gml.backend.graph.products import lengths_by_depth, matrix_product
from gml.backend.graph.scope import Scope
from gml.backend.graph.storage import Region, whole_region
from gml.backend.graph.sums import leading_sum
from gml.backend.graph.trace import Trace
from gml.backend.graph.traced import Traced, call, exp, log, where
from gml.backend.graph.unsupported import GraphUnsupportedError
from gml.backend.reference.expressions import neutral
from gml.ir.nodes import (
    Apply,
    Const,
    Expr,
    MatrixElement,
    Read,
    Reduce,
    Reduction,
    Size,
    Var,
)


class StoredArray(Protocol):
    """An array that depends on the position."""

    shape: tuple[int, ...]

    def part(self, region: Region) -> mx.array: ...


@frozen(eq=False)
class Evaluation:
    """The expressions of one statement, each emitted once."""

    trace: Trace
    scope: Scope
    arrays: Callable[[str], StoredArray]
    _memo: dict[int, mx.array] = field(factory=dict)

    def value(self, expr: Expr) -> mx.array:
        """The value over the scope, which broadcasts to it."""
        if id(expr) not in self._memo:
            self._memo[id(expr)] = self._evaluate(expr)
        return self._memo[id(expr)]

    def _evaluate(self, expr: Expr) -> mx.array:
        if self.scope.program.is_known(expr):
            return self._constant(expr)
        match expr:
            case Read():
                return self._read(expr)
            case Apply():
                return self._apply(expr)
            case Reduce():
                return self._reduce(expr)
            case Const() | Var() | Size():
                raise AssertionError(f"the host knows {expr}")
            case MatrixElement():
                raise AssertionError(f"lowering leaves no {expr}")
            case _:
                assert_never(expr)

    def _constant(self, expr: Expr) -> mx.array:
        constants = self.trace.constants
        swept = self.scope.swept
        if self.scope.is_swept(expr) and (rows := swept.rows(expr)) is not None:
            row = swept.row(self.scope.sweep)
            return self.trace.rows(constants.array(rows), 0, row, row + 1)
        return constants.array(self.scope.known(expr))

    # ---------------------------------------------------------------- reading

    def _read(self, expr: Read) -> mx.array:
        array = self.arrays(expr.array)
        shape = array.shape
        pairs = zip(expr.indices, shape, strict=True)
        indices = [indexing.classified(self.scope, i, extent) for i, extent in pairs]
        if indexing.has_one_place_each(indices):
            part = array.part(indexing.region_of(indices, shape))
            return indexing.elements(self.trace, part, indices)
        index = self.scope.kept(id(expr), lambda: indexing.flattened(indices, shape))
        return indexing.gathered(self.trace, array.part(whole_region(shape)), index)

    # --------------------------------------------------------------- applying

    def _apply(self, expr: Apply) -> mx.array:
        name, arguments = expr.primitive, expr.arguments
        if name not in PRIMITIVES:
            raise GraphUnsupportedError(f"the graph backend has no {name}")
        if name == "select" and self.scope.program.is_known(arguments[0]):
            condition = self.scope.known(arguments[0])
            if condition.all():
                return self.value(arguments[1])
            if not condition.any():
                return self.value(arguments[2])
        if name == "power" and self.scope.program.is_known(arguments[1]):
            exponent = self.scope.known(arguments[1])
            if exponent.size == 1 and not self.scope.is_swept(arguments[1]):
                return self._constant_power(arguments, float(exponent.flat[0]))
        values = [self.value(argument) for argument in arguments]
        return apply_primitive(self.trace, name, values)

    def _constant_power(self, arguments: tuple[Expr, ...], exponent: float) -> mx.array:
        """Frequent exponents without a power, which takes as long as a logarithm."""
        base = self.value(arguments[0])
        match exponent:
            case 1.0:
                return base
            case 2.0:
                return apply_primitive(self.trace, "square", [base])
            case 0.5:
                # -0.0 ** 0.5 is 0.0, and sqrt(-inf) NaN where the power is inf:
                # neither is in a domain.
                return apply_primitive(self.trace, "sqrt", [base])
            case -1.0:
                one = self.trace.constants.number(1.0)
                return apply_primitive(self.trace, "divide", [one, base])
            case _:
                values = [base, self.value(arguments[1])]
                return apply_primitive(self.trace, "power", values)

    # --------------------------------------------------------------- reducing

    def _reduce(self, expr: Reduce) -> mx.array:
        scope = self.scope.inside(expr)
        inner = Evaluation(self.trace, scope, self.arrays)
        depth, length = scope.depth - 1, scope.lengths[-1]
        if length == 0:
            return self.trace.constants.number(float(neutral(expr.kind, "f")))
        if expr.kind is Reduction.SUM:
            return summed(inner, contract(inner, expr.body, frozenset((depth,))), 1)
        body = inner.value(expr.body)
        if scope.mask is not None:
            body = masked(inner, body, float(neutral(expr.kind, "f")))
        # One axis a variable, then the chains; a read may leave axes of length one.
        missing = max(depth + 2 - body.ndim, 0)
        body = self.trace.reshape(body, (1,) * missing + body.shape[-depth - 2 :])
        body = self.trace.broadcast(body, (length, *body.shape[1:]))
        return _folded(self.trace, expr.kind, body)


def _folded(trace: Trace, kind: Reduction, body: mx.array) -> mx.array:
    """The fold over the leading axis."""
    match kind:
        case Reduction.PROD:
            return trace(mx.prod, body, axis=0)
        case Reduction.MAX:
            return trace(mx.max, body, axis=0)
        case Reduction.MIN:
            return trace(mx.min, body, axis=0)
        case Reduction.LOGSUMEXP:
            return _log_sum_exp(trace, body)
        case Reduction.SUM | Reduction.DRAW_INDEX:
            raise GraphUnsupportedError(f"the graph backend has no {kind.value} here")
        case _:
            assert_never(kind)


def _log_sum_exp(trace: Trace, body: mx.array) -> mx.array:
    """log(sum(exp(body))) over the leading axis; infinite values are kept."""
    largest = Traced(trace, trace(mx.max, body, axis=0))
    shift = where(call(mx.isinf, largest), 0.0, largest)
    weights = exp(Traced(trace, body) - shift)
    total = Traced(trace, leading_sum(trace, weights.array, 1))
    return (log(total) + shift).array


def masked(evaluation: Evaluation, value: mx.array, outside: float) -> mx.array:
    """The value within the ranges of the scope's variables, else `outside`."""
    mask = evaluation.scope.mask
    if mask is None:
        return value
    constants = evaluation.trace.constants
    operands = (constants.array(mask), value, constants.number(outside))
    return evaluation.trace(mx.where, *operands)


# ------------------------------------------------------------------- summing


def summed(evaluation: Evaluation, value: mx.array, num_axes: int) -> mx.array:
    """The sum over the outermost variables, after `contract` over them."""
    depth = evaluation.scope.depth
    present = value.ndim - 1 - (depth - num_axes)
    if present <= 0:
        return value
    return leading_sum(evaluation.trace, value, present)


def contract(evaluation: Evaluation, expr: Expr, depths: frozenset[int]) -> mx.array:
    """A value to be summed over the variables at `depths`, as far as is cheap.

    Along these axes the result has length one where the sum is done (by a product of
    matrices, or because nothing varies there) and is still to be summed elsewhere.
    """
    scope, trace = evaluation.scope, evaluation.trace
    if scope.mask is None:
        product = matrix_product(evaluation, expr, depths)
        if product is not None:
            return product
    value = masked(evaluation, evaluation.value(expr), 0.0)
    lengths = lengths_by_depth(value, scope.depth)
    count = prod(scope.lengths[d] for d in depths if lengths[d] == 1)
    if count == 1:
        return value
    return trace(mx.multiply, value, trace.constants.number(float(count)))
