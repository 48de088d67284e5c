"""The bounds of `truncated` and `censored`: either may be left out."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from gml.check import binding, calls, distributions, expressions, mistakes
from gml.check.scope import Mistake, Scope, Typed
from gml.check.wrappers.inner import Inner, inner_of, require_single
from gml.ir.build import apply
from gml.ir.library import Formal
from gml.ir.nodes import Const, Expr, Read, Scalar
from gml.ir.supports import IntegerSupport, RealSupport, Support
from gml.syntax import ast

NAMES = ("lower", "upper")


@frozen
class Bounds:
    """The bounds that are given, by their names."""

    values: Mapping[str, Typed]

    @property
    def given(self) -> tuple[str, ...]:
        return tuple(self.values)

    @property
    def lower(self) -> Expr | None:
        return Read("lower") if "lower" in self.values else None

    @property
    def upper(self) -> Expr | None:
        return Read("upper") if "upper" in self.values else None

    @property
    def tails(self) -> tuple[str, ...]:
        """The members that tell the mass beyond the bounds."""
        if len(self.values) == 2:
            return ("log_cdf", "log_ccdf")
        return ("log_ccdf",) if "lower" in self.values else ("log_cdf",)

    def known(self, name: str) -> Expr | None:
        """A bound for the support: the number itself, where it is one."""
        if name not in self.values:
            return None
        expr = self.values[name].expr
        return expr if isinstance(expr, Const) else Read(name)

    def formals(self, is_discrete: bool) -> tuple[Formal, ...]:
        support: Support = IntegerSupport() if is_discrete else RealSupport()
        return tuple(Formal(name, (), support) for name in self.values)

    def clamped(self, value: Expr) -> Expr:
        """The value moved to the nearer bound if it is beyond."""
        if self.lower is not None:
            value = apply("maximum", value, self.lower)
        if self.upper is not None:
            value = apply("minimum", value, self.upper)
        return value


def bound_arguments(node: ast.Call, word: str, scope: Scope) -> tuple[Inner, Bounds]:
    """The arguments of `word(distribution, lower, upper)`."""
    given = binding.by_name(node.arguments, ["distribution", *NAMES], word)
    if "distribution" not in given:
        raise Mistake(mistakes.missing_argument(node.span, word, "distribution"))
    inner = inner_of(distributions.resolve(given["distribution"].value, scope), "of ")
    require_single(inner, word)
    wanted = Scalar.INT if inner.is_discrete else Scalar.REAL
    values = {}
    for name in NAMES:
        if name in given:
            value = expressions.elaborate(given[name].value, scope)
            values[name] = calls.require_scalar_kind(value, wanted)
    if not values:
        raise Mistake(mistakes.missing_argument(node.span, word, "lower"))
    return inner, Bounds(values)
