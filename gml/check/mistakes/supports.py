"""Supports: values that a distribution cannot take, and what narrows them."""

from __future__ import annotations

from gml.diagnostics.diagnostic import Diagnostic, Label
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
    )


def discrete_latent(span: Span, name: str, why: str, help: str) -> Diagnostic:
    return Diagnostic(
        "GML0503",
        f"`{name}` is a discrete parameter with no finite range to sum over",
        Label(span, why),
        help=help,
    )


def not_discrete(span: Span, name: str, word: str, why: str) -> Diagnostic:
    return Diagnostic(
        "GML0510",
        f"`{name}` is no discrete parameter",
        Label(span, why),
        help=f"remove it: `@{word}` is for discrete parameters",
    )


def narrowed_generated(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0504",
        f"`{name}` is generated and cannot be narrowed",
        Label(span, "no exact draw from a truncated distribution"),
        help=f"drop the type, or write `param {name}: ..` to sample it by MCMC",
    )


def narrowed_data(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0505",
        f"`{name}` is data: its type belongs in its `data` line",
        Label(span, "a type here narrows a parameter"),
        help=f"remove it, or write it in `data {name}: ..`",
    )


def cannot_noncentre(span: Span, distribution: str, why: str) -> Diagnostic:
    return Diagnostic(
        "GML0506",
        f"`{distribution}` has no non-centred form here",
        Label(span, why),
        help="remove it: `@noncentered` is for latents with a location and a scale "
        "that keep the distribution's own support",
    )


def unknown_decorator(span: Span, name: str) -> Diagnostic:
    known = ("@noncentered", "@centered", "@marginalize", "@sample")
    near = did_you_mean(f"@{name}", known)
    return Diagnostic(
        "GML0507",
        f"unknown decorator `@{name}`",
        Label(span),
        help=near
        or "they are `@noncentered`, `@centered`, `@marginalize` and `@sample`",
    )


def decorator_argument(span: Span, name: str) -> Diagnostic:
    is_noncentered = name == "noncentered"
    return Diagnostic(
        "GML0530",
        f"`@{name}` does not take this",
        Label(span, "`auto` is all that it may have" if is_noncentered else ""),
        help="write `@noncentered`, `@noncentered(auto)` or `@centered`",
    )


def two_decorators(span: Span, first: Span) -> Diagnostic:
    return Diagnostic(
        "GML0530",
        "a site has one decorator",
        Label(span, "the second"),
        (Label(first, "the first"),),
        help="keep the one that you mean; `@noncentered(auto)` chooses in the warm-up",
    )


def cannot_sample_from(span: Span, name: str, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0508",
        f"`{name}` is generated, but `{distribution}` cannot be sampled",
        Label(span, f"nothing observed depends on `{name}`"),
        help=f"write `param {name} ~ ..` to keep it a parameter, "
        f"or give `{distribution}` a member `sample() = ..`",
    )
