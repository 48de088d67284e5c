"""A distribution inside another one, its parameters renamed to be the outer one's."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, field, frozen

from gml.check import mistakes
from gml.check.scope import Applied, Mistake, Typed
from gml.ir.build import apply, real, select
from gml.ir.library import (
    Actual,
    Distribution,
    Formal,
    Function,
    LocalValue,
    expand_locals,
    instantiate,
)
from gml.ir.nodes import Const, Expr, Read, Scalar, Size, Var
from gml.ir.supports import (
    IntegerSupport,
    RealSupport,
    Support,
    VectorSupport,
    over_dims,
    scalar_of,
)
from gml.ir.traverse import substitute

VALUE = "x"
NEVER = real(float("-inf"))
"""The log of a probability of 0."""
FALSE = Const(False, Scalar.BOOL)


@frozen
class Draw:
    """A sampler of a part: intermediate values, then the draw."""

    locals: tuple[LocalValue, ...]
    value: Expr


@frozen
class Inner:
    """One distribution of those that a wrapper is made of.

    `prefix` sets its names apart. Of a mixture over a dim, `repeated` are the
    parameters that differ between components, and `component` says which one is meant.
    """

    applied: Applied
    prefix: str
    dims: Mapping[str, str]
    repeated: frozenset[str] = field(factory=frozenset)
    component_dim: str | None = None
    component: Expr | None = None

    @property
    def distribution(self) -> Distribution:
        return self.applied.distribution

    @property
    def scalar(self) -> Scalar:
        return scalar_of(self.distribution.support)

    @property
    def is_discrete(self) -> bool:
        return self.scalar is not Scalar.REAL

    @property
    def event_dims(self) -> tuple[str, ...]:
        return tuple(self.dims[d] for d in self.distribution.event_dims)

    # -------------------------------------------------------------- parameters

    def formals(self) -> tuple[Formal, ...]:
        """Its formals as the wrapper's."""
        return tuple(
            evolve(
                formal,
                name=f"{self.prefix}{formal.name}",
                dims=(*self._leading(formal), *(self.dims[d] for d in formal.dims)),
                support=self._support(formal.support),
                default=None,
                words=formal.words or (self.distribution.name, formal.name),
            )
            for formal in self.distribution.formals
        )

    def values(self) -> dict[str, Typed]:
        """The arguments by the names of those formals."""
        own = self.applied.values
        return {
            f"{self.prefix}{f.name}": own[f.name] for f in self.distribution.formals
        }

    def _leading(self, formal: Formal) -> tuple[str, ...]:
        if self.component_dim is None or formal.name not in self.repeated:
            return ()
        return (self.component_dim,)

    def _actuals(self) -> dict[str, Actual]:
        actuals = {}
        for formal in self.distribution.formals:
            leading = (self.component,) if self._leading(formal) else ()
            indices = tuple(Var(self.dims[d]) for d in formal.dims)
            read = Read(
                f"{self.prefix}{formal.name}",
                (*(e for e in leading if e is not None), *indices),
            )
            axes = tuple(self.dims[d] for d in formal.dims)
            actuals[formal.name] = Actual(read, axes)
        return actuals

    def _filled(self, expr: Expr, more: Mapping[str, Actual]) -> Expr:
        sizes: dict[str, Expr] = {g: Size(d) for g, d in self.dims.items()}
        apart: dict[str, Expr] = {g: Var(f"{g} of part") for g in self.dims}
        filled = instantiate(
            substitute(expr, apart), {**self._actuals(), **more}, sizes
        )
        back: dict[str, Expr] = {f"{g} of part": Var(d) for g, d in self.dims.items()}
        return substitute(filled, back)

    # ----------------------------------------------------------------- members

    def has(self, *members: str) -> bool:
        return all(m in self.distribution.members for m in members)

    def value_formal(self) -> Formal:
        """What the members of the wrapper are asked at."""
        function = self.distribution.log_density
        own = function.formals[-1]
        dims = tuple(self.dims[d] for d in own.dims)
        return Formal(VALUE, dims, self._support(own.support))

    def member(self, name: str, at: Expr | None = None) -> Expr:
        """A member at a value: by default that of the wrapper."""
        function = self.distribution.members[name]
        if at is None:
            at = Read(VALUE, tuple(Var(d) for d in self.event_dims))
        own = function.formals[len(self.distribution.formals) :]
        more = {f.name: Actual(at, self.event_dims if f.dims else ()) for f in own}
        return self._filled(expand_locals(function), more)

    def log_density(self, at: Expr | None = None) -> Expr:
        """The log density, and -inf outside of the distribution's own support."""
        inside = self.member(self.distribution.log_density.name, at)
        return select(self.is_outside(at), NEVER, inside)

    def draw(self) -> Draw:
        """The sampler, its intermediate values by names of their own."""
        function = self.distribution.members["sample"]
        more: dict[str, Actual] = {}
        made = []
        for local in function.locals:
            dims = tuple(self.dims[d] for d in local.dims)
            name = f"{self.prefix}{local.name}"
            itself = Actual(Read(name, tuple(Var(d) for d in dims)), dims)
            following = None
            if local.following is not None:
                again = {**more, local.name: itself}
                following = self._filled(local.following, again)
            value = self._filled(local.value, more)
            made.append(
                evolve(local, name=name, dims=dims, value=value, following=following)
            )
            more[local.name] = itself
        return Draw(tuple(made), self._filled(function.result, more))

    # ---------------------------------------------------------------- supports

    @property
    def support(self) -> Support:
        """The support in the wrapper's names."""
        return self._support(self.distribution.support)

    def _support(self, support: Support) -> Support:
        match support:
            case RealSupport(lower=lower, upper=upper):
                return RealSupport(self._bound(lower), self._bound(upper))
            case IntegerSupport(lower=lower, upper=upper):
                return IntegerSupport(self._bound(lower), self._bound(upper))
            case _ if isinstance(support, VectorSupport):
                return over_dims(support, dict(self.dims))
            case _:
                return support

    def _bound(self, bound: Expr | None) -> Expr | None:
        return None if bound is None else self._filled(bound, {})

    @property
    def bounds(self) -> tuple[Expr | None, Expr | None]:
        support = self.support
        if isinstance(support, RealSupport | IntegerSupport):
            return support.lower, support.upper
        return None, None

    def is_outside(self, at: Expr | None = None) -> Expr:
        """Whether a value is below or above the support."""
        return outside(Read(VALUE) if at is None else at, *self.bounds)


def outside(at: Expr, lower: Expr | None, upper: Expr | None) -> Expr:
    """Whether a value is beyond one of two bounds, if there are any."""
    below = None if lower is None else apply("less", at, lower)
    above = None if upper is None else apply("less", upper, at)
    if below is None or above is None:
        return above or below or FALSE
    return apply("or", below, above)


def inner_of(applied: Applied, prefix: str) -> Inner:
    """The inner distribution of a wrapper that has one."""
    return Inner(applied, prefix, renamed_dims(applied.distribution, prefix))


def renamed_dims(distribution: Distribution, prefix: str) -> dict[str, str]:
    """A name for each generic dim."""
    generic = [d for f in distribution.formals for d in f.dims]
    return {d: f"{prefix}{d}" for d in (*generic, *distribution.event_dims)}


def require_single(inner: Inner, word: str) -> None:
    """Mistake unless values are single numbers."""
    family = inner.distribution
    is_number = isinstance(family.support, RealSupport | IntegerSupport)
    if family.event_dims or not is_number:
        raise Mistake(mistakes.not_a_number(inner.applied.span, word, family.name))


def require_members(inner: Inner, word: str, *members: str) -> None:
    """Mistake unless the inner distribution has what a wrapper is written in."""
    if not inner.has(*members):
        name = inner.distribution.name
        raise Mistake(mistakes.no_cdf(inner.applied.span, word, name))


@frozen
class Maker:
    """Makes the members of a wrapper: functions of its formals and of a value."""

    formals: tuple[Formal, ...]
    value: Formal

    def at_value(self, name: str, result: Expr) -> Function:
        """`logpdf`, `log_cdf` and their like."""
        formals = (*self.formals, self.value)
        return Function(name, formals, (), result, (), Scalar.REAL)

    def sampler(self, draw: Draw) -> Function:
        dims, scalar = self.value.dims, scalar_of(self.value.support)
        return Function("sample", self.formals, draw.locals, draw.value, dims, scalar)

    def moment(self, name: str, result: Expr) -> Function:
        return Function(name, self.formals, (), result, self.value.dims, Scalar.REAL)


__all__ = [
    "FALSE",
    "NEVER",
    "VALUE",
    "Draw",
    "Inner",
    "Maker",
    "inner_of",
    "outside",
    "renamed_dims",
    "require_members",
    "require_single",
]
