"""Solutions of ordinary differential equations: `ode(f, initial, start, times, ..)`."""

from __future__ import annotations

import math

from attrs import evolve, frozen

from gml.check import binding, calls, expressions, mistakes
from gml.check.indexing import dim_words
from gml.check.scope import Mistake, Scope, Typed
from gml.diagnostics.diagnostic import Diagnostic
from gml.ir import build
from gml.ir.library import Formal, Function
from gml.ir.model import DataCheck, scalar_of
from gml.ir.nodes import (
    STATE,
    TIME,
    Axis,
    Const,
    Expr,
    OdeElement,
    OdeMethod,
    OdeSystem,
    Operand,
    Read,
    Scalar,
    Var,
    argument,
)
from gml.ir.traverse import arrays_read, free_vars, fresh_name, substitute, walk
from gml.syntax import ast

ODE_WORDS = {method.value: method for method in OdeMethod}
_OPERANDS = ("f", "initial", "start", "times")
SETTINGS = {"rtol": 1e-6, "atol": 1e-6, "max_steps": 1000.0}


@frozen
class _Settings:
    """The tolerances and the bound on steps, and the arguments that are left."""

    rtol: float
    atol: float
    max_steps: int
    rest: tuple[ast.Argument, ...]

    @property
    def numbers(self) -> tuple[float, float, int]:
        return self.rtol, self.atol, self.max_steps


def elaborate_ode(node: ast.Call, word: str, scope: Scope) -> Typed:
    """The states over the times of output, for each point of the other dims."""
    if not scope.is_model:
        what = f"`{word}` belongs to the model itself, not to a function"
        raise Mistake(mistakes.no_equation(node.span, what, "solve it in the model"))
    function, initial, start, times = _given(node, word, scope)
    settings = _settings(node.arguments, function)
    *plates, component = initial.dims
    *others, time = times.dims
    if time in initial.dims or component in times.dims:
        what = f"initial state and times are both over {dim_words(time, scope)}"
        help = "give the components of the state a dim of their own"
        raise Mistake(mistakes.no_equation(node.span, what, help))
    formals = function.formals[2:]
    values = binding.bind_arguments(
        settings.rest, formals, function.name, node.span, scope
    )
    own = {f.name: _own_dims(values[f.name], f) for f in formals}
    plates += [*start.dims, *others]
    plates += [d for f in formals for d in values[f.name].dims if d not in own[f.name]]
    for dim in (d for d in (component, time) if d in plates):
        what = f"an argument varies over {dim_words(dim, scope)}"
        help = f"declare that parameter of `{function.name}` as a vector: `p: real[K]`"
        raise Mistake(mistakes.no_equation(node.span, what, help))
    right = _right_side(node, function, component, values, own, scope)
    _check_components(node, right, component, scope)
    _check_times(start, times, time, word, scope)
    axis = Axis(component, build.integer(0), scope.extent(component))
    operands = [(initial, (component,)), (start, ()), (times, (time,))]
    operands += [(values[f.name], own[f.name]) for f in formals]
    system = OdeSystem(ODE_WORDS[word], axis, right, *settings.numbers)
    expr = _element(system, operands, (Var(time), Var(component)), scope)
    dims = (*dict.fromkeys(plates), time, component)
    return Typed(expr, Scalar.REAL, node.span, dims)


def _own_dims(value: Typed, formal: Formal) -> tuple[str, ...]:
    """The last dims of an argument are those of its formal, the others plates."""
    count = len(formal.dims)
    return value.dims[len(value.dims) - count :] if count else ()


def _not_a_vector(value: Typed, help: str) -> Diagnostic:
    return mistakes.wrong_type(value.span, "a single value", "a vector", help)


def _given(
    node: ast.Call, word: str, scope: Scope
) -> tuple[Function, Typed, Typed, Typed]:
    for given in node.arguments[: len(_OPERANDS)]:
        if given.over or given.keyword:
            help = f"`{word}(f, initial, start, times, ..)`"
            raise Mistake(
                mistakes.not_here(given.span, f"{word} takes these by position", help)
            )
    if len(node.arguments) < len(_OPERANDS):
        what = f"`{word}` needs a function, the state at the start, and times"
        help = f"`{word}(f, initial, start, times, ..)`"
        raise Mistake(mistakes.no_equation(node.span, what, help))
    first, *rest = (given.value for given in node.arguments[: len(_OPERANDS)])
    function = _function(first, scope)
    values = [expressions.elaborate(value, scope) for value in rest]
    values = [expressions.as_real(expressions.as_number(v)) for v in values]
    initial, start, times = values
    if not initial.dims:
        help = "the state is a vector, of one element perhaps: `[y0]`"
        raise Mistake(_not_a_vector(initial, help))
    if not times.dims:
        help = "the times of output are a vector: `[1.0]`"
        raise Mistake(_not_a_vector(times, help))
    return function, initial, start, times


def _function(node: ast.Expr, scope: Scope) -> Function:
    """The right side: a function of the time, the state, and further arguments."""
    help = "name a `fn` of the time and the state: `fn f(t, y: real[S], ..) = ..`"
    if not isinstance(node, ast.Name) or node.name not in scope.functions:
        if isinstance(node, ast.Name) and node.name in scope.broken:
            raise Mistake
        what = "the right side of an equation is a function"
        if isinstance(node, ast.Name) and node.name in scope.recursive:
            what = "the right side of an equation cannot call itself"
        raise Mistake(mistakes.no_equation(node.span, what, help))
    function = scope.functions[node.name]
    formals = function.formals
    is_right = len(formals) > 1 and not formals[0].dims and len(formals[1].dims) == 1
    if not is_right or any(_scalar(f) is not Scalar.REAL for f in formals[:2]):
        what = f"`{node.name}` is no function of a time and a state"
        raise Mistake(mistakes.no_equation(node.span, what, help))
    return function


def _scalar(formal: Formal) -> Scalar:
    return scalar_of(formal.support)


def _settings(given: tuple[ast.Argument, ...], function: Function) -> _Settings:
    names = {formal.name for formal in function.formals}
    found = dict(SETTINGS)
    rest: list[ast.Argument] = []
    for each in given[len(_OPERANDS) :]:
        word = each.keyword.name if each.keyword else ""
        if word not in SETTINGS or word in names:
            rest.append(each)
            continue
        value = each.value
        number = getattr(value, "value", None)
        is_number = isinstance(value, ast.Number | ast.Integer)
        if not is_number or not isinstance(number, int | float) or number <= 0:
            help = f"write a number: `{word}={SETTINGS[word]:g}`"
            what = f"`{word}` is a positive number"
            raise Mistake(mistakes.no_equation(each.span, what, help))
        found[word] = float(number)
    steps = math.ceil(found["max_steps"])
    return _Settings(found["rtol"], found["atol"], steps, tuple(rest))


def _right_side(
    node: ast.Call,
    function: Function,
    component: str,
    values: dict[str, Typed],
    own: dict[str, tuple[str, ...]],
    scope: Scope,
) -> Expr:
    """The function's result for a component, of the state and the arguments' names."""
    span = node.arguments[0].span
    state = Read(STATE, (Var(component),))
    inner = {
        function.formals[0].name: Typed(Read(TIME), Scalar.REAL, span),
        function.formals[1].name: Typed(state, Scalar.REAL, span, (component,)),
    }
    for number, formal in enumerate(function.formals[2:]):
        value, axes = values[formal.name], own[formal.name]
        read = Read(argument(number), tuple(Var(dim) for dim in axes))
        inner[formal.name] = evolve(value, expr=read, dims=axes)
    result = calls.apply_function(function, inner, scope, span)
    result = expressions.as_real(expressions.as_number(result))
    dims = [d for d in result.dims if d != component]
    size = scope.literal_size(component)
    if not result.dims or (not dims and component in result.dims):
        return result.expr  # the same for all components, or one for each
    if len(result.dims) == 1 and scope.same_dim(dims[0], component):
        return substitute(result.expr, {dims[0]: Var(component)})
    length = _vector_length(dims[0])
    if len(result.dims) == 1 and length is not None and size in (None, length):
        if size is None:
            _check_size(component, length, node, scope)
        return substitute(result.expr, {dims[0]: Var(component)})
    lengths = [(_vector_length(d), dim_words(d, scope)) for d in result.dims]
    given = ", ".join(w if n is None else f"a vector of {n}" for n, w in lengths)
    wanted = dim_words(component, scope)
    what = f"`{function.name}` gives {given}, and the state is over {wanted}"
    help = "give the derivative of each component of the state, and no more"
    raise Mistake(mistakes.no_equation(span, what, help))


def _vector_length(dim: str) -> int | None:
    """The length of a `[a, b]` of the function's own."""
    text = dim.removeprefix("vector_of_")
    return int(text) if text != dim and text.isdigit() else None


def _check_size(component: str, length: int, node: ast.Call, scope: Scope) -> None:
    bound = build.integer(length)
    scope.checks.append(
        DataCheck(
            scope.extent(component), (), bound, bound,
            f"the number of components over `{component}`", node.span, "GML0602",
            f"the right side has {length} components",
        )
    )  # fmt: skip


def _check_components(
    node: ast.Call, right: Expr, component: str, scope: Scope
) -> None:
    """Components that the right side reads by number are there."""
    size = scope.literal_size(component)
    if size is None:
        return
    for part in walk(right):
        if isinstance(part, Read) and part.array == STATE:
            (index,) = part.indices
            if isinstance(index, Const) and not 0 <= index.value < size:
                what = f"component {index.value} of a state of {size}"
                help = f"components count from 0 to {size - 1}"
                span = node.arguments[0].span
                raise Mistake(mistakes.no_equation(span, what, help))


def _check_times(
    start: Typed, times: Typed, time: str, word: str, scope: Scope
) -> None:
    """They are known, in order, and not before the start."""
    for value in (start, times):
        for name in sorted(arrays_read(value.expr)):
            if not scope.arrays[name].is_known:
                what = f"a time of `{word}`"
                raise Mistake(mistakes.known_needed(value.span, what, name))
    here = Var(time)
    earlier = build.apply("subtract", here, build.integer(1))
    is_first = build.apply("equal", here, build.integer(0))
    last = build.select(is_first, start.expr, substitute(times.expr, {time: earlier}))
    wait = build.subtract(times.expr, last)
    axes = tuple(_axis(name, scope) for name in sorted(free_vars(wait)))
    scope.checks.append(
        DataCheck(
            wait, axes, build.ZERO, None, f"the wait for a time of `{word}`",
            times.span, help="times must not decrease, nor be before the start",
        )
    )  # fmt: skip


def _axis(name: str, scope: Scope) -> Axis:
    if name in scope.variables:
        variable = scope.variables[name]
        return Axis(name, variable.lower, variable.upper)
    return Axis(name, build.integer(0), scope.extent(name))


def _element(
    system: OdeSystem,
    values: list[tuple[Typed, tuple[str, ...]]],
    indices: tuple[Expr, Expr],
    scope: Scope,
) -> OdeElement:
    """The operands with variables of their own for their own dims."""
    taken = frozenset[str]().union(*(free_vars(v.expr) for v, _ in values))
    operands: list[Operand] = []
    for value, dims in values:
        axes: list[Axis] = []
        names: dict[str, Expr] = {}
        for dim in dims:
            var = fresh_name(dim, taken)
            taken |= {var}
            names[dim] = Var(var)
            axes.append(Axis(var, build.integer(0), scope.extent(dim)))
        operands.append(Operand(tuple(axes), substitute(value.expr, names)))
    initial, start, times, *rest = operands
    return OdeElement(system, initial, start, times, tuple(rest), indices)
