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


def undetermined(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0910",
        f"no data depend on `{name}`: it is drawn from its prior",
        Label(span, "has no part in what is observed"),
        help=f"use `{name}` in the model, or write `generated {name} ~ ..` "
        "if this is meant",
        severity=Severity.WARNING,
    )


def described_twice(span: Span, name: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "GML0911",
        f"data `{name}` are described twice, and count twice",
        Label(span, "the second description"),
        (Label(first, "the first one"),),
        help="remove a line; `mixture(..)` is one distribution or the other",
        severity=Severity.WARNING,
    )


def improper(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0912",
        f"`{name}` has no proper posterior",
        Label(span, "flat without end, and nothing observed depends on it"),
        help="give it a proper prior, or use it in the model",
        severity=Severity.WARNING,
    )


def flat_scale(
    span: Span, name: str, scaled: str, scaled_span: Span | None
) -> Diagnostic:
    return Diagnostic(
        "GML0913",
        f"`{name}`, a scale of parameters, has a flat prior",
        Label(span, "puts all its mass on large values"),
        (Label(scaled_span, f"the scale of `{scaled}`"),) if scaled_span else (),
        help=f"`{name} ~ half_normal(1)`, with what is plausible in place of 1: a few "
        "groups do not bound their scale",
        severity=Severity.WARNING,
    )


def hard_bounds(span: Span, name: str, low: float, high: float) -> Diagnostic:
    return Diagnostic(
        "GML0914",
        f"`{name}` is cut off at {low:g} and {high:g}",
        Label(span, "hard bounds"),
        help="say what is plausible instead: `normal(..)`, `half_normal(..)`, or "
        "another distribution whose tails reach beyond",
        severity=Severity.WARNING,
    )


def vain_silence(span: Span, code: str) -> Diagnostic:
    return Diagnostic(
        "GML0915",
        "this comment silences nothing",
        Label(span, f"no warning {code} on its line"),
        help="remove it, or put it on the line that the warning points to; errors "
        "cannot be silenced",
        severity=Severity.WARNING,
    )


def silence_without_code(span: Span, code: str, near: str | None) -> Diagnostic:
    return Diagnostic(
        "GML0915",
        "this comment silences nothing",
        Label(span, f"`{code}` is no code" if code else "no code is named"),
        help=near or "name what is allowed: `# gmlc: allow GML0904`",
        severity=Severity.WARNING,
    )
