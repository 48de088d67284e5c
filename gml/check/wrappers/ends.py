"""The mass of a distribution within bounds, and draws from there.

The mass is told from the nearer tail, so that it keeps its digits however far out the
bounds are.
"""

from __future__ import annotations

from attrs import frozen

from gml.check.wrappers.inner import NEVER, VALUE, Draw, Inner
from gml.check.wrappers.search import search
from gml.ir.build import add, apply, negate, select, subtract
from gml.ir.library import LocalValue
from gml.ir.nodes import Const, Expr, Read, Scalar
from gml.ir.supports import IntegerSupport, RealSupport


def log_difference(larger: Expr, smaller: Expr) -> Expr:
    """log(exp(larger) - exp(smaller))."""
    return add(larger, apply("log1m_exp", subtract(smaller, larger)))


@frozen
class Ends:
    """The tails beyond the two bounds, as the inner distribution has them."""

    inner: Inner
    lower: Expr | None
    upper: Expr | None

    @property
    def log_below(self) -> Expr:
        """log P(X < lower)."""
        lower = self.lower
        if lower is None:
            return NEVER
        if self.inner.is_discrete:
            lower = subtract(lower, Const(1, Scalar.INT))
        return self.inner.member("log_cdf", lower)

    @property
    def log_not_below(self) -> Expr:
        """log P(X >= lower)."""
        lower = self.lower
        if lower is None:
            return Const(0.0)
        if self.inner.is_discrete:
            lower = subtract(lower, Const(1, Scalar.INT))
        return self.inner.member("log_ccdf", lower)

    @property
    def log_above(self) -> Expr:
        """log P(X > upper)."""
        upper = self.upper
        return NEVER if upper is None else self.inner.member("log_ccdf", upper)

    @property
    def log_not_above(self) -> Expr:
        """log P(X <= upper)."""
        upper = self.upper
        return Const(0.0) if upper is None else self.inner.member("log_cdf", upper)

    @property
    def log_mass(self) -> Expr:
        """The log probability to be within the bounds."""
        if self.upper is None:
            return self.log_not_below
        if self.lower is None:
            return self.log_not_above
        from_below = log_difference(self.log_not_above, self.log_below)
        from_above = log_difference(self.log_not_below, self.log_above)
        is_left = apply("less", self.log_below, self.log_not_below)
        return select(is_left, from_below, from_above)

    def clamped(self, value: Expr) -> Expr:
        """The value moved to the nearer end if rounding has put it beyond."""
        if self.lower is not None:
            value = apply("maximum", value, self.lower)
        if self.upper is not None:
            value = apply("minimum", value, self.upper)
        return value

    def log_share_below(self) -> Expr:
        """The log cdf."""
        here, beyond = self._at("log_cdf"), self._at("log_ccdf")
        inside = here
        if self.lower is not None:
            from_below = log_difference(here, self.log_below)
            from_above = log_difference(self.log_not_below, beyond)
            is_left = apply("less", self.log_below, self.log_not_below)
            inside = select(is_left, from_below, from_above)
        share = subtract(inside, self.log_mass)
        return self._within(share, NEVER, Const(0.0))

    def log_share_above(self) -> Expr:
        """The log of 1 - cdf."""
        here, beyond = self._at("log_cdf"), self._at("log_ccdf")
        inside = beyond
        if self.upper is not None:
            from_below = log_difference(self.log_not_above, here)
            from_above = log_difference(beyond, self.log_above)
            is_left = apply("less", here, beyond)
            inside = select(is_left, from_below, from_above)
        share = subtract(inside, self.log_mass)
        return self._within(share, Const(0.0), NEVER)

    def _at(self, member: str) -> Expr:
        return self.inner.member(member)

    def _within(self, share: Expr, below: Expr, above: Expr) -> Expr:
        x = Read(VALUE)
        if self.upper is not None:
            share = select(apply("less", x, self.upper), share, above)
        if self.lower is not None:
            share = select(apply("less", x, self.lower), below, share)
        return share


def draw_within(ends: Ends, support: RealSupport | IntegerSupport) -> Draw:
    """A uniform share of the mass, and the value that it lies below."""
    inner = ends.inner
    uniform = LocalValue("share", (), Scalar.REAL, apply("draw_uniform"))
    share = Read("share")
    # the log probabilities to be below the value, and above it
    log_mass = ends.log_mass
    below = apply("log_add_exp", ends.log_below, add(apply("log", share), log_mass))
    rest = apply("log1p", negate(share))
    above = apply("log_add_exp", ends.log_above, add(rest, log_mass))
    targets = (
        LocalValue("log_share_below", (), Scalar.REAL, below),
        LocalValue("log_share_above", (), Scalar.REAL, above),
    )
    low, high = Read("log_share_below"), Read("log_share_above")
    if inner.has("icdf", "iccdf"):
        from_below = inner.member("icdf", apply("exp", low))
        from_above = inner.member("iccdf", apply("exp", high))
        value = select(apply("less", low, high), from_below, from_above)
        return Draw((uniform, *targets), ends.clamped(value))
    found, value = search(inner, support, low, high)
    return Draw((uniform, *targets, found), ends.clamped(value))
