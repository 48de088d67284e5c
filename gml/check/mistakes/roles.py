"""Roles: what a name is asserted to be, what must be known, what is never used."""

from __future__ import annotations

from gml.diagnostics import fixes
from gml.diagnostics.diagnostic import Diagnostic, Label, Severity
from gml.source import Span


def role_fails(
    span: Span, name: str, word: str, wanted: str, found: str, why: str
) -> Diagnostic:
    return Diagnostic(
        "GML0901",
        f"`{name}` is asserted to be {wanted}, but it is {found}",
        Label(span, why),
        help=f"remove `{word}`, or change what the model says of `{name}`",
        fixes=fixes.remove_before(span, rf"\b{word}\s+"),
    )


def data_redefined(span: Span, name: str, declared: Span) -> Diagnostic:
    return Diagnostic(
        "GML0902",
        f"`{name}` is data and cannot be defined with `=`",
        Label(span, "defined again"),
        (Label(declared, "declared as data"),),
        help=f"give the new value another name, or observe it: `{name} ~ ..`",
    )


def known_needed(span: Span, what: str, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0903",
        f"{what} must be known before sampling",
        Label(span, f"`{name}` is not data"),
        help="use data, constants and dims only",
    )


def missing_undescribed(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0906",
        f"cells of `{name}` may be missing, and nothing says how they are distributed",
        Label(span, "declared with `?`"),
        help=f"describe it: `{name} ~ normal(..)`, or remove the `?`",
        fixes=fixes.forbid_missing(span.source, name),
    )


def missing_between_supports(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0907",
        f"cells of `{name}` may be missing, but lie within other bounds by each line",
        Label(span, "another support than that of the line before"),
        help="describe all cells by one line, or declare the bounds with the data",
    )


def missing_bounds_itself(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0907",
        f"the bounds of missing cells of `{name}` depend on `{name}` itself",
        Label(span, "its support depends on its own elements"),
        help="use a distribution whose support does not depend on the data",
    )


def missing_in_a_vector(span: Span, name: str, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0907",
        f"cells of `{name}` may be missing, but `{distribution}` is not over the reals",
        Label(span, "constrains the cells of a vector together"),
        help="leave the vectors with missing cells out, and remove the `?`",
        fixes=fixes.forbid_missing(span.source, name),
    )


def unused_data(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0904",
        f"data `{name}` is never used",
        Label(span, "declared here"),
        help="remove the line if it is not needed",
        severity=Severity.WARNING,
        fixes=fixes.remove_item(span, f"remove `data {name}`"),
    )


def nothing_observed(span: Span | None) -> Diagnostic:
    return Diagnostic(
        "GML0905",
        "nothing is observed: every `~` is drawn from its prior",
        Label(span) if span else None,
        help="observe data with `~`, or write `param x ~ ..` to sample x by MCMC",
        severity=Severity.WARNING,
    )
