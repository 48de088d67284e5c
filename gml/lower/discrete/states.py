"""The states of discrete parameters: their values, numbered from 0.

Terms are rewritten to be functions of numbers of states, which are the indices of the
arrays that sums over states are made of. Drawn values are the values themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from gml.ir import build
from gml.ir.model import (
    BooleanSupport,
    IndexSupport,
    IntegerSupport,
    Model,
    ModelSite,
    discrete_sites,
    scalar_of,
)
from gml.ir.nodes import Axis, Expr, Read, Reduce, Reduction, Scalar
from gml.ir.traverse import transform
from gml.lower.discrete import mistakes
from gml.lower.discrete.names import Fresh
from gml.lower.discrete.sizes import Sizes
from gml.source import Span


@frozen
class States:
    """A discrete latent: what it is called, its dims, and its states.

    `dim` is the dim of the states, which the index variable `now` runs over; so does
    `before` in what depends on two neighbours in a chain.
    """

    name: str
    dims: tuple[str, ...]
    scalar: Scalar
    dim: str
    first: Expr
    now: str
    before: str
    doc: str | None
    span: Span | None

    def value(self, number: Expr) -> Expr:
        """The value of a state."""
        if self.scalar is Scalar.BOOL:
            return build.apply("not_equal", number, build.integer(0))
        return build.add(self.first, number)

    def number(self, value: Expr) -> Expr:
        """The state of a value."""
        if self.scalar is Scalar.BOOL:
            return build.apply("int", value)
        return build.subtract(value, self.first)

    def axis(self, sizes: Sizes, is_before: bool = False) -> Axis:
        return sizes.whole(self.before if is_before else self.now, self.dim)


def find_states(model: Model, sizes: Sizes, fresh: Fresh) -> dict[str, States]:
    """The discrete latents of a model, by name."""
    sites: dict[str, list[ModelSite]] = {}
    for site in discrete_sites(model):
        if not site.is_sampled:
            sites.setdefault(site.name, []).append(site)
    return {name: _states(own, sizes, fresh) for name, own in sites.items()}


def _states(sites: list[ModelSite], sizes: Sizes, fresh: Fresh) -> States:
    site = sites[0]
    first, count = _range(site, sizes)
    for other in sites[1:]:
        own = _range(other, sizes)
        if not (sizes.is_same(first, own[0]) and sizes.is_same(count, own[1])):
            raise mistakes.other_values(other, site)
    if isinstance(site.support, IndexSupport):
        dim = site.support.dim
    else:
        dim = fresh(f"{site.name}_states")
        sizes.extents[dim] = count
    return States(
        site.name,
        site.dims,
        scalar_of(site.support),
        dim,
        first,
        fresh(f"{site.name}_now"),
        fresh(f"{site.name}_before"),
        next((s.doc for s in sites if s.doc), None),
        site.span,
    )


def _range(site: ModelSite, sizes: Sizes) -> tuple[Expr, Expr]:
    """The first value, and how many there are."""
    match site.support:
        case IndexSupport(dim=dim):
            return build.integer(0), sizes.extent(dim)
        case BooleanSupport():
            return build.integer(0), build.integer(2)
        case IntegerSupport(lower=lower, upper=upper):
            assert lower is not None
            assert upper is not None
            last = build.add(upper, build.integer(1))
            return lower, build.subtract(last, lower)
        case _:
            raise AssertionError(f"{site.name} is continuous")


def in_numbers(expr: Expr, states: Mapping[str, States]) -> Expr:
    """Reads of discrete latents as reads of the numbers of their states."""

    def rewrite(node: Expr) -> Expr:
        if isinstance(node, Read) and node.array in states:
            return states[node.array].value(node)
        return node

    return transform(expr, rewrite)


def in_values(expr: Expr, states: Mapping[str, States]) -> Expr:
    """The inverse: numbers of states as functions of the values."""

    def rewrite(node: Expr) -> Expr:
        if isinstance(node, Read) and node.array in states:
            return states[node.array].number(node)
        return node

    return transform(expr, rewrite)


def summed_over(axes: tuple[Axis, ...], weight: Expr) -> Expr:
    """log(sum(exp(weight))) over axes of states."""
    for axis in reversed(axes):
        weight = Reduce(Reduction.LOGSUMEXP, axis, weight)
    return weight


def drawn(own: States, weight: Expr, sizes: Sizes) -> Expr:
    """A value drawn with probabilities proportional to exp(weight).

    The weight is a function of the number of the state, `now`.
    """
    axis = own.axis(sizes)
    total = Reduce(Reduction.LOGSUMEXP, axis, weight)
    probability = build.apply("exp", build.subtract(weight, total))
    return own.value(Reduce(Reduction.DRAW_INDEX, axis, probability))
