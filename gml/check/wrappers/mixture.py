"""`mixture(weights, d1, d2, ..)`: one of several distributions, chosen by weights.

With one distribution, `mixture(weights, normal(mu, sigma))`, there is a component for
each weight: parameters over the dim of the weights differ between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from attrs import evolve, frozen

from gml.check import calls, distributions, expressions, mistakes
from gml.check.scope import Applied, Mistake, Scope, Typed
from gml.check.wrappers.inner import Draw, Inner, Maker, renamed_dims
from gml.ir.build import add, apply, integer, multiply, select, subtract
from gml.ir.library import Distribution, Formal, Function, LocalValue
from gml.ir.nodes import (
    Axis,
    Const,
    Expr,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Size,
    Var,
)
from gml.ir.supports import (
    IntegerSupport,
    RealSupport,
    SimplexSupport,
    Support,
)
from gml.syntax import ast

WORD, WEIGHTS, COMPONENT = "mixture", "weights", "component"


@frozen
class _Parts:
    """The weights and the components: one of them stands for all of a dim."""

    weights: Typed
    dim: str
    inner: tuple[Inner, ...]

    @property
    def is_family(self) -> bool:
        return len(self.inner) == 1

    def weight(self, component: Expr) -> Expr:
        return Read(WEIGHTS, (component,))

    def folded(self, kind: Reduction, terms: list[Expr]) -> Expr:
        """One term of each component, or one in which the component is a variable."""
        if self.is_family:
            axis = Axis(COMPONENT, integer(0), Size(COMPONENT))
            return Reduce(kind, axis, terms[0])
        join = "add" if kind is Reduction.SUM else "log_add_exp"
        return reduce(lambda a, b: apply(join, a, b), terms)

    def component(self, number: int) -> Expr:
        return Var(COMPONENT) if self.is_family else integer(number)


def mixture(node: ast.Call, scope: Scope) -> Applied:
    """The distribution of one call."""
    parts = _parts(node, scope)
    first = parts.inner[0]
    weights = Formal(WEIGHTS, (COMPONENT,), SimplexSupport(COMPONENT))
    formals = (weights, *(f for part in parts.inner for f in part.formals()))
    maker = Maker(formals, evolve(first.value_formal(), support=_kind(first)))
    names = ", ".join(part.distribution.name for part in parts.inner)
    own = ", ".join(sorted(first.repeated)) if parts.is_family else ""
    distribution = Distribution(
        f"{WORD}({names} by {own})" if own else f"{WORD}({names})",
        formals,
        _support(parts),
        first.event_dims,
        _members(parts, maker),
        has_atoms=any(part.distribution.has_atoms for part in parts.inner),
    )
    values = {WEIGHTS: parts.weights}
    for part in parts.inner:
        values |= part.values()
    return Applied(distribution, values, node.span, is_wrapped=True)


def _kind(inner: Inner) -> Support:
    """Components with other bounds may be asked as well."""
    match inner.support:
        case RealSupport():
            return RealSupport()
        case IntegerSupport():
            return IntegerSupport()
        case other:
            return other


# -------------------------------------------------------------------- arguments


def _parts(node: ast.Call, scope: Scope) -> _Parts:
    if not node.arguments:
        raise Mistake(mistakes.missing_argument(node.span, WORD, WEIGHTS))
    for number, argument in enumerate(node.arguments):
        name = argument.keyword
        if argument.over or (name and (number or name.name != WEIGHTS)):
            span = name.span if name else argument.span
            raise Mistake(mistakes.no_keywords(span, WORD))
    if len(node.arguments) == 1:
        raise Mistake(mistakes.missing_argument(node.span, WORD, "distribution"))
    weights = expressions.elaborate(node.arguments[0].value, scope)
    weights = calls.require_scalar_kind(weights, Scalar.REAL)
    if not weights.dims:
        help = "write one weight for each component: `[w, 1 - w]`"
        raise Mistake(
            mistakes.wrong_type(weights.span, "a single value", "a vector", help)
        )
    dim = weights.dims[-1]
    applied = [distributions.resolve(a.value, scope) for a in node.arguments[1:]]
    if len(applied) == 1:
        return _Parts(weights, dim, (_family(applied[0], dim, scope),))
    if scope.literal_size(dim) != len(applied):
        count = scope.literal_size(dim)
        raise Mistake(
            mistakes.wrong_number_of_weights(weights.span, dim, count, len(applied))
        )
    inner = tuple(_component(a, number) for number, a in enumerate(applied))
    _check_kinds(inner)
    return _Parts(weights, dim, inner)


def _component(applied: Applied, number: int) -> Inner:
    prefix = f"{number} "
    return Inner(applied, prefix, _dims(applied.distribution, prefix))


def _dims(distribution: Distribution, prefix: str) -> dict[str, str]:
    """Names for the generic dims: all components have those of the value in common."""
    dims = renamed_dims(distribution, prefix)
    event = {d: f"event {k}" for k, d in enumerate(distribution.event_dims)}
    return {**dims, **event}


def _family(applied: Applied, dim: str, scope: Scope) -> Inner:
    distribution = applied.distribution
    values, repeated = dict(applied.values), set()
    for formal in distribution.formals:
        value = values[formal.name]
        rank = len(value.dims) - len(formal.dims)
        plates, own = value.dims[:rank], value.dims[rank:]
        # the component is the last of the dims that the parameter itself does not have
        found = [d for d in plates if scope.root(d) == scope.root(dim)]
        if found:
            repeated.add(formal.name)
            rest = tuple(d for d in plates if d != found[-1])
            values[formal.name] = evolve(value, dims=(*rest, found[-1], *own))
    if not repeated:
        raise Mistake(mistakes.equal_components(applied.span))
    prefix = "0 "
    dims = _dims(distribution, prefix)
    own_values = evolve(applied, values=values)
    variable = Var(COMPONENT)
    return Inner(own_values, prefix, dims, frozenset(repeated), COMPONENT, variable)


def _check_kinds(inner: tuple[Inner, ...]) -> None:
    first = inner[0]
    for other in inner[1:]:
        is_alike = len(other.event_dims) == len(first.event_dims)
        is_alike &= other.scalar is first.scalar
        is_alike &= type(other.support) is type(first.support)
        if not is_alike:
            names = first.distribution.name, other.distribution.name
            raise Mistake(
                mistakes.unlike_components(
                    other.applied.span, *names, first.applied.span
                )
            )


# ---------------------------------------------------------------------- support


def _support(parts: _Parts) -> Support:
    supports = [part.support for part in parts.inner]
    first = supports[0]
    if isinstance(first, RealSupport | IntegerSupport):
        bounds = [part.bounds for part in parts.inner]
        lower = _outer("minimum", Reduction.MIN, [b for b, _ in bounds], parts)
        upper = _outer("maximum", Reduction.MAX, [b for _, b in bounds], parts)
        return type(first)(lower, upper)
    return first


def _outer(
    primitive: str, kind: Reduction, bounds: list[Expr | None], parts: _Parts
) -> Expr | None:
    """The bound of the union, if all have one."""
    known = [b for b in bounds if b is not None]
    if len(known) < len(bounds):
        return None
    if all(isinstance(b, Const) for b in known):
        choose = min if primitive == "minimum" else max
        return choose((b for b in known if isinstance(b, Const)), key=lambda b: b.value)
    if parts.is_family:
        axis = Axis(COMPONENT, integer(0), Size(COMPONENT))
        return Reduce(kind, axis, known[0])
    return reduce(lambda a, b: apply(primitive, a, b), known)


# ---------------------------------------------------------------------- members


def _members(parts: _Parts, maker: Maker) -> dict[str, Function]:
    name = "logpmf" if parts.inner[0].is_discrete else "logpdf"
    density = [part.log_density() for part in parts.inner]
    members = {name: maker.at_value(name, _log_mixed(parts, density))}
    if all(part.has("log_cdf", "log_ccdf") for part in parts.inner):
        for member in ("log_cdf", "log_ccdf"):
            shares = [part.member(member) for part in parts.inner]
            members[member] = maker.at_value(member, _log_mixed(parts, shares))
        members["cdf"] = maker.at_value("cdf", apply("exp", members["log_cdf"].result))
    if all(part.has("mean") for part in parts.inner):
        means = [part.member("mean") for part in parts.inner]
        mean = _mixed(parts, means)
        members["mean"] = maker.moment("mean", mean)
        if all(part.has("variance") for part in parts.inner):
            # the mean of the variances, and the variance of the means
            spread = [
                add(part.member("variance"), apply("square", subtract(own, mean)))
                for part, own in zip(parts.inner, means, strict=True)
            ]
            members["variance"] = maker.moment("variance", _mixed(parts, spread))
    if all(part.has("sample") for part in parts.inner):
        members["sample"] = maker.sampler(_draw(parts))
    return members


def _log_mixed(parts: _Parts, terms: Iterable[Expr]) -> Expr:
    weighted = [
        add(apply("log", parts.weight(parts.component(number))), term)
        for number, term in enumerate(terms)
    ]
    return parts.folded(Reduction.LOGSUMEXP, weighted)


def _mixed(parts: _Parts, terms: Iterable[Expr]) -> Expr:
    weighted = [
        multiply(parts.weight(parts.component(number)), term)
        for number, term in enumerate(terms)
    ]
    return parts.folded(Reduction.SUM, weighted)


def _draw(parts: _Parts) -> Draw:
    """Which component, then a draw of it."""
    axis = Axis(COMPONENT, integer(0), Size(COMPONENT))
    number = Reduce(Reduction.DRAW_INDEX, axis, parts.weight(Var(COMPONENT)))
    chosen = LocalValue("chosen", (), Scalar.INT, number)
    if parts.is_family:
        draw = evolve(parts.inner[0], component=Read("chosen")).draw()
        return Draw((chosen, *draw.locals), draw.value)
    draws = [part.draw() for part in parts.inner]
    value = draws[-1].value
    for number_, draw in reversed(list(enumerate(draws[:-1]))):
        is_chosen = apply("equal", Read("chosen"), integer(number_))
        value = select(is_chosen, draw.value, value)
    locals_ = tuple(local for draw in draws for local in draw.locals)
    return Draw((chosen, *locals_), value)
