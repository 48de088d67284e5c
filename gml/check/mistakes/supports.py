"""Supports: values that a distribution cannot take, and what narrows them."""

from __future__ import annotations

import re

from gml.diagnostics import fixes
from gml.diagnostics.diagnostic import Diagnostic, Fix, Label
from gml.diagnostics.suggest import did_you_mean
from gml.source import Span


def argument_outside(
    span: Span, callee: str, argument: str, wanted: str, found: str, advice: str
) -> Diagnostic:
    return Diagnostic(
        "GML0501",
        f"`{argument}` of `{callee}` may leave its support",
        Label(span, found),
        notes=(f"`{callee}` needs `{argument}` to be {wanted}",),
        help=advice,
        fixes=_kept_within(span, wanted),
    )


# What is wanted in words, the function that leads there, and a type of that kind.
_KEEPERS = {
    "positive": ("exp", "real<lower=0>"),
    "between 0 and 1": ("inv_logit", "real<lower=0, upper=1>"),
}


def _kept_within(span: Span, wanted: str) -> tuple[Fix, ...]:
    if wanted not in _KEEPERS:
        return ()
    function, type_ = _KEEPERS[wanted]
    return (
        *fixes.give_type(span.source, span.text, type_),
        fixes.replace(span, f"{function}({span.text})"),
    )


def argument_never_inside(
    span: Span, callee: str, argument: str, wanted: str, found: str
) -> Diagnostic:
    return Diagnostic(
        "GML0501",
        f"`{argument}` of `{callee}` must be {wanted}",
        Label(span, found),
        help=f"pass a value that is {wanted}",
    )


def declared_outside(
    span: Span,
    name: str,
    declared: str,
    distribution: str,
    support: str,
    type_span: Span,
) -> Diagnostic:
    return Diagnostic(
        "GML0502",
        f"the type of `{name}` does not fit `{distribution}`",
        Label(type_span, f"`{name}` is {declared}"),
        (Label(span, f"a distribution on {support}"),),
        help=f"drop the type: `{name}` is {support} without it, "
        "or choose another distribution",
        fixes=fixes.remove_with(type_span, r"\s*:\s*"),
    )


def discrete_latent(span: Span, name: str, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0503",
        f"`{name}` is a discrete parameter",
        Label(span, f"`{distribution}` is discrete and `{name}` is not data"),
        help=f"declare `data {name}: ..` if it is observed, else sum it out: "
        "`factor logsumexp(.. over K)`",
        fixes=_as_data(span, name, distribution),
    )


def _as_data(span: Span, name: str, distribution: str) -> tuple[Fix, ...]:
    """A declaration of counts; what an index points into only its author knows."""
    rest = re.compile(r"(\[\w+(?:, *\w+)*\])?\s*~").match(span.source.text, span.end)
    if rest is None or distribution.startswith(("categorical", "ordered")):
        return ()
    return fixes.declare(span, f"data {name}: int{rest[1] or ''}")


def narrowed_generated(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0504",
        f"`{name}` is generated and cannot be narrowed",
        Label(span, "no exact draw from a truncated distribution"),
        help=f"drop the type, or write `param {name}: ..` to sample it by MCMC",
        fixes=(_as_parameter(span), *_without_type(span)),
    )


def narrowed_data(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0505",
        f"`{name}` is data: its type belongs in its `data` line",
        Label(span, "a type here narrows a parameter"),
        help=f"remove it, or write it in `data {name}: ..`",
        fixes=_without_type(span),
    )


def _without_type(target: Span) -> tuple[Fix, ...]:
    return fixes.remove_after(target, r"\s*:\s*[^~=\n<]*(<[^>\n]*>)?[^~=\n<]*(?=\s~)")


def _as_parameter(target: Span) -> Fix:
    return fixes.insert(target.source, target.start, "param ")


def cannot_noncentre(span: Span, distribution: str, why: str) -> Diagnostic:
    return Diagnostic(
        "GML0506",
        f"`{distribution}` has no non-centred form here",
        Label(span, why),
        help="remove it: `@noncentered` is for latents with a location and a scale "
        "that keep the distribution's own support",
        fixes=(fixes.remove_lines(span),),
    )


def unknown_decorator(span: Span, name: str) -> Diagnostic:
    near = did_you_mean(f"@{name}", ("@noncentered", "@centered"))
    return Diagnostic(
        "GML0507",
        f"unknown decorator `@{name}`",
        Label(span),
        help=near or "the decorators are `@noncentered` and `@centered`",
        fixes=fixes.near(span, f"@{name}", ("@noncentered", "@centered"))
        or (fixes.remove_lines(span),),
    )


def cannot_sample_from(span: Span, name: str, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0508",
        f"`{name}` is generated, but `{distribution}` cannot be sampled",
        Label(span, f"nothing observed depends on `{name}`"),
        help=f"write `param {name} ~ ..` to keep it a parameter, "
        f"or give `{distribution}` a member `sample() = ..`",
        fixes=(_as_parameter(span),),
    )
