"""What components ask of their arguments: to be of the types of their parameters."""

from __future__ import annotations

from collections.abc import Sequence

from gml.check import calls, expressions, mistakes, site_checks
from gml.check.components import Requirement
from gml.check.scope import Mistake, Scope
from gml.check.targets import LeftSide
from gml.check.types import resolve_type
from gml.diagnostics.diagnostic import Report
from gml.ir.library import Distribution, Formal
from gml.ir.model import DataCheck, IndexSupport, scalar_of


def required(
    requirements: Sequence[Requirement], scope: Scope, report: Report
) -> list[DataCheck]:
    """Mistakes go to the report; what is left to check when the data are there."""
    checks: list[DataCheck] = []
    for each in requirements:
        try:
            checks += _required(each, scope)
        except Mistake as mistake:
            for diagnostic in mistake.diagnostics:
                report.add(diagnostic)
    return checks


def _required(each: Requirement, scope: Scope) -> list[DataCheck]:
    declared = resolve_type(each.type, scope)
    value = expressions.elaborate(each.value, scope)
    value = calls.require_scalar_kind(value, scalar_of(declared.support))
    roots = [sorted(map(scope.root, dims)) for dims in (value.dims, declared.dims)]
    if roots[0] != roots[1]:
        found, wanted = (
            f"an array over [{', '.join(dims)}]" if dims else "a single value"
            for dims in (value.dims, declared.dims)
        )
        help = f"`{each.component}` declares `{each.parameter}: {each.type.span.text}`"
        raise Mistake(mistakes.wrong_type(value.span, found, wanted, help))
    if isinstance(declared.support, IndexSupport):
        return []  # an array of indices knows its dim; where it is used it is checked
    # What is asked of an argument is what a distribution asks of its own.
    formal = Formal(each.parameter, declared.dims, declared.support)
    asking = Distribution(each.component, (formal,), declared.support, ())
    left = LeftSide(each.component, value.span, (), (), None, scope, False)
    return site_checks.argument_checks(asking, {each.parameter: value}, left, scope)
