"""Tails of distributions: what the members `cdf`, `log_cdf`, `log_ccdf` are anywhere.

A `dist` states them within its support, where `cdf` follows from `log_cdf`.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from gml.check import types
from gml.ir.build import apply, real, select
from gml.ir.library import Function
from gml.ir.nodes import Expr, Read, Scalar
from gml.ir.supports import IntegerSupport, RealSupport

BELOW = {"cdf": 0.0, "log_cdf": float("-inf"), "log_ccdf": 0.0}
"""The value of each member below the support."""
ABOVE = {"cdf": 1.0, "log_cdf": 0.0, "log_ccdf": float("-inf")}


def within_support(member: Function, declared: types.ResolvedType) -> Function:
    """The member as it is, but for values below and above the support."""
    support = declared.support
    if member.name not in BELOW or declared.dims:
        return member
    if not isinstance(support, RealSupport | IntegerSupport):
        return member
    x = Read(member.formals[-1].name)
    result: Expr = member.result
    if support.upper is not None:
        is_above = apply("less_equal", support.upper, x)
        result = select(is_above, real(ABOVE[member.name]), result)
    if support.lower is not None:
        # a count has mass at its lower bound
        is_count = isinstance(support, IntegerSupport)
        is_below = apply("less" if is_count else "less_equal", x, support.lower)
        result = select(is_below, real(BELOW[member.name]), result)
    return evolve(member, result=result, scalar=Scalar.REAL)


def derived(members: Mapping[str, Function]) -> dict[str, Function]:
    """`cdf` where only its logarithm is written."""
    if "cdf" in members or "log_cdf" not in members:
        return {}
    log_cdf = members["log_cdf"]
    return {"cdf": evolve(log_cdf, name="cdf", result=apply("exp", log_cdf.result))}
