"""Distributions applied to arguments: families by name, wrapped ones, their members."""

from __future__ import annotations

from collections.abc import Mapping

from gml.check import binding, calls, mistakes, wrappers
from gml.check.scope import Applied, Mistake, Scope, Typed
from gml.ir.library import Distribution
from gml.syntax import ast

DENSITY_MEMBERS = ("logpdf", "logpmf")


def resolve(node: ast.Expr, scope: Scope) -> Applied:
    """What stands on the right of `~`, and before the dot of a member."""
    match node:
        case ast.Call(function=ast.Name(name=name)) if is_wrapper(name, scope):
            return wrappers.WRAPPERS[name](node, scope)
        case _:
            distribution = distribution_of(node, scope)
            assert isinstance(node, ast.Call)
            formals, name = distribution.formals, distribution.name
            values = binding.bind_arguments(
                node.arguments, formals, name, node.span, scope
            )
            return Applied(distribution, values, node.span)


def is_wrapper(name: str, scope: Scope) -> bool:
    """Whether a name makes distributions of others, and no `dist` has taken it."""
    return name in wrappers.WRAPPERS and name not in scope.distributions


def distribution_of(node: ast.Expr, scope: Scope) -> Distribution:
    """The family that a call names."""
    match node:
        case ast.Call(function=ast.Name(name=name)) if name in scope.distributions:
            return scope.distributions[name]
        case ast.Call(function=ast.Name(name=name) as function):
            if name in scope.broken:
                raise Mistake
            if is_wrapper(name, scope):
                help = "name a family: `normal(0, 1)`"
                what = "a distribution made of others has no standard form"
                raise Mistake(mistakes.not_here(node.span, what, help))
            known = [*scope.distributions, *wrappers.WRAPPERS]
            raise Mistake(mistakes.unknown_distribution(function.span, name, known))
        case ast.Name(name=name) if name in scope.distributions:
            help = f"give its arguments: `{name}(..)`"
            raise Mistake(
                mistakes.not_here(node.span, "a distribution needs arguments", help)
            )
        case _:
            raise Mistake(mistakes.not_a_distribution(node.span))


def call_member(
    node: ast.Call, base: ast.Call, member: ast.Identifier, scope: Scope
) -> Typed:
    """`normal(0, 1).logpdf(x)`."""
    applied = resolve(base, scope)
    distribution = applied.distribution
    name = member.name
    if name in DENSITY_MEMBERS and name not in distribution.members:
        name = distribution.log_density.name
    if name not in distribution.members or name == "sample":
        known = [m for m in distribution.members if m != "sample"]
        callee = distribution.name
        raise Mistake(mistakes.unknown_member(member.span, callee, name, known))
    function = distribution.members[name]
    own = function.formals[len(distribution.formals) :]
    values: Mapping[str, Typed] = binding.bind_arguments(
        node.arguments, own, name, node.span, scope
    )
    return calls.apply_function(
        function, {**applied.values, **values}, scope, node.span
    )
