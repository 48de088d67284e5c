"""Functions and distributions, generic in their dims, and their instantiation.

A parameter is read like an array (`Read("mu")`, `Read("alpha", (Var("K"),))`); the dims
of parameters are generic. Instantiating substitutes the arguments: expressions in
index notation need no arrays for that.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from gml.ir.nodes import Apply, Expr, Read, Reduce, Reduction, Scalar, Size, Var
from gml.ir.primitives import PRIMITIVES
from gml.ir.supports import Support
from gml.ir.traverse import free_vars, rename_bound, substitute, transform, walk
from gml.source import Span

ITERATION = "iteration"
"""The index variable of a local value that is found step by step."""


@frozen
class Formal:
    """A parameter: its generic dims, the support its argument must stay in.

    A parameter of a wrapped distribution has a name of its own: `words` are the
    distribution and the parameter that a user knows it by.
    """

    name: str
    dims: tuple[str, ...]
    support: Support
    default: Expr | None = None
    is_typed: bool = True
    span: Span | None = field(default=None, eq=False, repr=False)
    words: tuple[str, str] | None = None


@frozen
class LocalValue:
    """A named intermediate value of a function body, over its own dims.

    A sampler may find one step by step: `following` is the next value in terms of the
    last one and of the number `iteration` of the step, 1 to `times`. Or it finds the
    elements along a dim in terms of those before: then it `is_recurrence`.
    """

    name: str
    dims: tuple[str, ...]
    scalar: Scalar
    value: Expr
    following: Expr | None = None
    times: int = 0
    is_recurrence: bool = False


@frozen
class Function:
    """`result` over `result_dims`, written in the formals and the locals."""

    name: str
    formals: tuple[Formal, ...]
    locals: tuple[LocalValue, ...]
    result: Expr
    result_dims: tuple[str, ...]
    scalar: Scalar
    doc: str | None = None


@frozen
class Reparametrisation:
    """`variable[dims] ~ base(arguments)` and the value it maps to."""

    name: str
    variable: str
    base: str
    arguments: tuple[tuple[str, Expr], ...]
    result: Expr
    dims: tuple[str, ...] = ()


@frozen
class CheckLine:
    """`check left ~= right`: two known values that must agree."""

    left: Expr
    right: Expr
    span: Span = field(eq=False, repr=False)


@frozen
class Distribution:
    """A family: formals, support (over generic dims), members by name.

    One that `has_atoms` gives single reals a probability: its density is none of a
    parameter, which is never just there.
    """

    name: str
    formals: tuple[Formal, ...]
    support: Support
    event_dims: tuple[str, ...]
    members: Mapping[str, Function] = field(factory=dict)
    reparametrisations: Mapping[str, Reparametrisation] = field(factory=dict)
    doc: str | None = None
    has_atoms: bool = False

    @property
    def log_density(self) -> Function:
        """`logpdf`, or `logpmf` of a discrete family."""
        name = "logpdf" if "logpdf" in self.members else "logpmf"
        return self.members[name]


@frozen(cache_hash=True)
class Actual:
    """An argument: an expression in which the variables `axes` stand for its dims."""

    value: Expr
    axes: tuple[str, ...] = ()


def instantiate(
    expr: Expr, actuals: Mapping[str, Actual], sizes: Mapping[str, Expr]
) -> Expr:
    """Replace reads of formals by their arguments and generic dims by real ones.

    `sizes` gives the number of elements of each generic dim.
    """

    def rewrite(node: Expr) -> Expr:
        match node:
            case Read(array=array, indices=indices) if array in actuals:
                actual = actuals[array]
                return substitute(
                    actual.value, dict(zip(actual.axes, indices, strict=True))
                )
            case Size(dim=dim) if dim in sizes:
                return sizes[dim]
            case _:
                return node

    return transform(freshen(expr, actuals), rewrite)


def freshen(expr: Expr, actuals: Mapping[str, Actual]) -> Expr:
    """Rename bound variables of a body that occur free in the arguments."""
    taken: set[str] = set()
    for actual in actuals.values():
        taken |= free_vars(actual.value) - set(actual.axes)
    return rename_bound(expr, taken) if taken else expr


def expand_locals(function: Function) -> Expr:
    """The result with the locals substituted (for pure functions)."""
    done: dict[str, Actual] = {}
    for local in function.locals:
        done[local.name] = Actual(instantiate(local.value, done, {}), local.dims)
    return instantiate(function.result, done, {})


def draws_randomly(expr: Expr) -> bool:
    """Whether evaluating an expression twice may give two values."""
    return any(
        (isinstance(node, Apply) and not PRIMITIVES[node.primitive].is_pure)
        or (isinstance(node, Reduce) and node.kind is Reduction.DRAW_INDEX)
        for node in walk(expr)
    )


def variables(names: tuple[str, ...]) -> tuple[Expr, ...]:
    return tuple(Var(name) for name in names)
