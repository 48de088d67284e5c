"""Supports: values that a distribution cannot take, and what narrows them."""

from __future__ import annotations

from gml.diagnostics import fixes
from gml.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity
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
    known = ("@noncentered", "@centered", "@marginalize", "@sample")
    near = did_you_mean(f"@{name}", known)
    return Diagnostic(
        "GML0507",
        f"unknown decorator `@{name}`",
        Label(span),
        help=near
        or "they are `@noncentered`, `@centered`, `@marginalize` and `@sample`",
        fixes=fixes.near(span, f"@{name}", known) or (fixes.remove_lines(span),),
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
        fixes=(_as_parameter(span),),
    )


def latent_with_atoms(span: Span, name: str, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0520",
        f"`{name}` is a parameter with probability at single points",
        Label(span, f"`{distribution}` is not continuous and `{name}` is not data"),
        help=f"declare `data {name}: ..` if it is observed, else use `truncated(..)` "
        "or a continuous distribution",
    )


def no_cdf(span: Span, word: str, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0521",
        f"`{distribution}` cannot be {word}: its cdf is not known",
        Label(span),
        help="a `dist` of your own needs `log_cdf(x) = ..` and `log_ccdf(x) = ..`, "
        f"the logarithms of P(X <= x) and of P(X > x), to be {word}",
    )


def no_mass_left(span: Span, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0522",
        f"the bounds leave nothing of `{distribution}`",
        Label(span, "no value is possible"),
        help="`lower` must be below `upper`, and within the distribution's support",
    )


def not_a_number(span: Span, word: str, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0523",
        f"`{distribution}` cannot be the distribution of `{word}(..)`",
        Label(span, "its values are no single numbers"),
        help=f"`{word}` takes a distribution on reals or on integers",
    )


def wrong_number_of_weights(
    span: Span, dim: str, count: int | None, wanted: int
) -> Diagnostic:
    found = (
        f"there are {count} weights" if count else f"the size of `{dim}` is not told"
    )
    return Diagnostic(
        "GML0523",
        f"a mixture of {wanted} distributions needs {wanted} weights",
        Label(span, found),
        help=f"write them, `[0.5, 0.5]`, or give the dim its size: `dim K = {wanted}`",
    )


def unlike_components(
    span: Span, first: str, second: str, first_span: Span
) -> Diagnostic:
    return Diagnostic(
        "GML0523",
        f"`{second}` cannot be mixed with `{first}`",
        Label(span, "its values are of another kind"),
        (Label(first_span, "the first component"),),
        help="mix distributions on reals, on integers, or on vectors over one dim",
    )


def equal_components(span: Span) -> Diagnostic:
    return Diagnostic(
        "GML0523",
        "no parameter of this component is over the dim of the weights",
        Label(span, "all components would be equal"),
        help="give a parameter for each component, or list several distributions",
    )


def without_mass(
    span: Span, name: str, distribution: str, call: Span | None
) -> Diagnostic:
    return Diagnostic(
        "GML0722",
        f"the prior of `{name}` has almost no mass where it is declared to lie",
        Label(span, "these bounds"),
        (Label(call, "next to nothing of this lies within them"),) if call else (),
        help=f"move the bounds, or choose parameters of `{distribution}` with which "
        f"`{name}` is plausible there",
        severity=Severity.WARNING,
    )
