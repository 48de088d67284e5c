"""Functions and distributions: from syntax to their generic forms."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from gml.check import (
    binding,
    calls,
    distributions,
    expressions,
    mistakes,
    tails,
    types,
)
from gml.check.declarations import names_in
from gml.check.scope import ArrayName, Mistake, Scope, Typed
from gml.diagnostics import fixes
from gml.ir import build
from gml.ir.library import (
    CheckLine,
    Distribution,
    Formal,
    Function,
    LocalValue,
    Reparametrisation,
)
from gml.ir.model import IndexSupport, RealSupport, Support, scalar_of
from gml.ir.nodes import Expr, Scalar, Var
from gml.ir.traverse import substitute
from gml.syntax import ast

MEMBERS = (
    "logpdf", "logpmf", "sample", "cdf", "icdf", "mean", "variance",
    "log_cdf", "log_ccdf", "iccdf",
)  # fmt: skip
TAKES_VALUE = ("logpdf", "logpmf", "cdf", "log_cdf", "log_ccdf")


def elaborate_function(node: ast.FunctionDefinition, scope: Scope) -> Function:
    """Check a `fn`; its body sees its parameters and constants, nothing else."""
    formals, inner = _formals(node.parameters, scope)
    function = _body(node.name.name, formals, node.locals, node.result, inner)
    if node.returns is not None:
        declared = types.resolve_type(node.returns, inner)
        _check_returns(node.returns, declared, function)
    return evolve(function, doc=node.doc)


def _check_returns(
    node: ast.Type, declared: types.ResolvedType, function: Function
) -> None:
    if set(declared.dims) != set(function.result_dims):
        found = mistakes.dims_text(f"`{d}`" for d in function.result_dims)
        what = f"the result of `{function.name}` has {found}"
        help = "declare its result with just these dims, or drop the declaration"
        mended = fixes.remove_with(node.span, r"\s*->\s*")
        raise Mistake(mistakes.bad_type(node.span, what, help, mended))


def elaborate_distribution(node: ast.DistDefinition, scope: Scope) -> Distribution:
    """Check a `dist` and each of its members."""
    formals, inner = _formals(node.parameters, scope)
    if node.support.name.name in types.MATRIX_TYPES:  # `lkj_corr(eta)` has no array
        inner = _with_generic_dims(inner, node.support)
    support = types.resolve_type(node.support, inner)
    members: dict[str, Function] = {}
    for member in node.members:
        name = member.name.name
        if name in members:
            raise Mistake(
                mistakes.defined_twice(member.name.span, name, member.name.span)
            )
        made = _member(member, formals, support, inner)
        members[name] = tails.within_support(made, support)
    if not ("logpdf" in members or "logpmf" in members):
        raise Mistake(mistakes.no_density(node.name.span, node.name.name))
    members |= tails.derived(members)
    distribution = Distribution(
        node.name.name,
        formals,
        support.support,
        support.event_dims or support.dims,
        members,
        doc=node.doc,
    )
    # A reparametrisation may start from a simpler member of the same family.
    inner = inner.with_distribution(distribution)
    forms = {
        r.name.name: _reparametrisation(r, distribution, inner) for r in node.reparams
    }
    return evolve(distribution, reparametrisations=forms)


def check_lines(node: ast.DistDefinition, scope: Scope) -> tuple[CheckLine, ...]:
    """The `check` lines, in a scope that has the distribution itself."""
    return tuple(_check_line(c, scope) for c in node.checks)


def _check_line(node: ast.Check, scope: Scope) -> CheckLine:
    left = expressions.as_real(expressions.elaborate(node.left, scope))
    right = expressions.as_real(expressions.elaborate(node.right, scope))
    return CheckLine(left.expr, right.expr, span=node.span)


def _member(
    node: ast.Member,
    formals: tuple[Formal, ...],
    support: types.ResolvedType,
    scope: Scope,
) -> Function:
    name = node.name.name
    if name not in MEMBERS:
        owner = "a distribution"
        raise Mistake(mistakes.unknown_member(node.name.span, owner, name, MEMBERS))
    own = []
    for parameter in node.parameters:
        if parameter.type is None and name in TAKES_VALUE:
            own.append(
                Formal(
                    parameter.name.name,
                    support.dims,
                    _value_support(support.support),
                    span=parameter.span,
                )
            )
        else:
            own += _formals((parameter,), scope)[0]
    inner = _with_formals(scope, own)
    inner = evolve(inner, allows_draws=name == "sample")
    member = _body(name, (*formals, *own), node.locals, node.result, inner)
    if name == "sample" or member.scalar is not Scalar.BOOL:
        return member
    value = build.apply("real", member.result)
    return evolve(member, result=value, scalar=Scalar.REAL)


def _value_support(support: Support) -> Support:
    """What a member may be asked at: the kind of the support without its bounds."""
    return RealSupport() if isinstance(support, RealSupport) else support


def _reparametrisation(
    node: ast.Reparam, distribution: Distribution, scope: Scope
) -> Reparametrisation:
    base = distributions.distribution_of(node.base, scope)
    assert isinstance(node.base, ast.Call)
    values = binding.bind_arguments(
        node.base.arguments, base.formals, base.name, node.base.span, scope
    )
    own = tuple(dim.name for dim in node.dims)
    for dim in node.dims:
        if dim.name not in scope.dims:
            raise Mistake(mistakes.unknown_dim(dim.span, dim.name, scope.dims))
    event = distribution.event_dims
    if len(own) != len(event) or not all(map(scope.same_dim, own, event)):
        shape = f"[{', '.join(event)}]" if event else ""
        help = f"write `{node.variable.name}{shape} ~ ..`"
        what = f"`{node.variable.name}` has other dims than a value"
        raise Mistake(mistakes.not_here(node.variable.span, what, help))
    if not isinstance(base.support, RealSupport) or base.event_dims:
        what = f"`{base.name}` does not describe a real number"
        help = f"name a distribution of each element of `{node.variable.name}`"
        raise Mistake(mistakes.not_here(node.base.span, what, help))
    variable = Formal(node.variable.name, own, RealSupport())
    inner = _with_formals(scope, [variable])
    result = expressions.as_real(expressions.elaborate(node.result, inner))
    return Reparametrisation(
        node.name.name,
        node.variable.name,
        base.name,
        tuple((name, value.expr) for name, value in values.items()),
        result.expr,
        own,
    )


def _formals(
    parameters: Iterable[ast.Parameter], scope: Scope
) -> tuple[tuple[Formal, ...], Scope]:
    """Formals, and the scope in which they and their generic dims are known."""
    formals: list[Formal] = []
    for parameter in parameters:
        name = parameter.name.name
        if any(f.name == name for f in formals):
            raise Mistake(mistakes.defined_twice(parameter.span, name, parameter.span))
        if parameter.type is None:
            formal = Formal(
                name, (), RealSupport(), is_typed=False, span=parameter.span
            )
        else:
            scope = _with_generic_dims(scope, parameter.type)
            resolved = types.resolve_type(parameter.type, scope)
            formal = Formal(name, resolved.dims, resolved.support, span=parameter.span)
        if parameter.default is not None:
            formal = evolve(formal, default=_default(parameter.default, formal, scope))
        formals.append(formal)
        scope = _with_formals(scope, [formal])
    return tuple(formals), scope


def _default(node: ast.Expr, formal: Formal, scope: Scope) -> Expr:
    value = expressions.elaborate(node, scope)
    return calls.require_scalar_kind(value, scalar_of(formal.support)).expr


def _with_generic_dims(scope: Scope, node: ast.Type) -> Scope:
    new = [*node.dims, *node.arguments]
    dims = {d.name: d.span for d in new if d.name not in scope.dims}
    aliases = dict(scope.aliases)
    if node.name.name in types.MATRIX_TYPES and len(node.dims) > 1:
        row, column = (dim.name for dim in node.dims[-2:])
        if row != column and column in dims:  # the matrices that it names are square
            aliases[column] = row
    return evolve(scope, dims={**scope.dims, **dims}, aliases=aliases)


def _with_formals(scope: Scope, formals: Iterable[Formal]) -> Scope:
    arrays = dict(scope.arrays)
    for formal in formals:
        index_of = (
            formal.support.dim if isinstance(formal.support, IndexSupport) else None
        )
        arrays[formal.name] = ArrayName(
            formal.name,
            scalar_of(formal.support),
            formal.dims,
            binding.interval_of_support(formal.support),
            index_of,
            span=formal.span,
        )
    return evolve(scope, arrays=arrays)


def _local(define: ast.Define, scope: Scope) -> Typed:
    """The value of a local; the variables of its target run over dims of it.

    In `C[i: K, j: J] = x[i] * x[j]` the value is over K and J.
    """
    binders = [b for b in define.target.binders if b.variable is not None]
    variables = [calls.binder_variable(b, scope) for b in binders]
    inner = scope.with_variables(*variables)
    local = expressions.elaborate(define.value, inner)
    names: dict[str, Var] = {}
    for variable in variables:
        if variable.dim is None:
            help = "name a dim: `C[i: K, j: J] = ..`"
            what = "a local runs over whole dims"
            raise Mistake(mistakes.not_here(variable.span, what, help))
        names[variable.name] = Var(variable.dim)
    dims = (*(own.name for own in names.values()), *local.dims)
    return evolve(
        local, expr=substitute(local.expr, names), dims=tuple(dict.fromkeys(dims))
    )


def _names_itself(define: ast.Define) -> bool:
    """Whether a sampler's local is written in terms of its elements before."""
    name = define.target.name.name
    has_variable = [b.variable is not None for b in define.target.binders] == [True]
    return has_variable and name in names_in(define.value)


def _recurrence(define: ast.Define, scope: Scope) -> Typed:
    """The value of a local in terms of its own elements before: counts, or reals."""
    (binder,) = define.target.binders
    dim = calls.binder_variable(binder, scope).dim
    name = define.target.name.name
    local: Typed | None = None
    for scalar in (Scalar.INT, Scalar.REAL):
        array = ArrayName(name, scalar, (dim,) if dim else (), span=define.span)
        known = evolve(scope, arrays={**scope.arrays, name: array})
        local = _local(define, known)
        if local.scalar is scalar:
            break
    assert local is not None
    return local


def _body(
    name: str,
    formals: tuple[Formal, ...],
    definitions: tuple[ast.Define, ...],
    result: ast.Expr,
    scope: Scope,
) -> Function:
    """Local definitions and the result."""
    values: list[LocalValue] = []
    for define in definitions:
        own = define.target.name.name
        is_recurrence = scope.allows_draws and _names_itself(define)
        local = (_recurrence if is_recurrence else _local)(define, scope)
        if own in scope.arrays:
            first = scope.arrays[own].span or define.span
            raise Mistake(mistakes.defined_twice(define.target.span, own, first))
        values.append(
            LocalValue(
                own,
                local.dims,
                local.scalar,
                local.expr,
                is_recurrence=is_recurrence,
            )
        )
        array = ArrayName(
            own,
            local.scalar,
            local.dims,
            local.interval,
            local.index_of,
            True,
            define.span,
        )
        scope = evolve(scope, arrays={**scope.arrays, own: array})
    value = expressions.elaborate(result, scope)
    return Function(name, formals, tuple(values), value.expr, value.dims, value.scalar)
