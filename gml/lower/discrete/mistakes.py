"""Why a discrete parameter cannot be summed out: the wording."""

from __future__ import annotations

from gml.diagnostics.diagnostic import Diagnostic, GmlError, Label
from gml.ir.model import ModelSite
from gml.source import Span

MOST_TERMS = 10_000_000
"""Terms of one evaluation: a kernel computes some 100 million of them in a second."""


def _cannot(
    name: str, span: Span | None, why: str, help: str, declared: Span | None = None
) -> GmlError:
    secondary: tuple[Label, ...] = ()
    if declared is not None and span is not None and declared != span:
        secondary = (Label(declared, f"`{name}` is discrete"),)
    message = f"`{name}` is discrete and cannot be summed out here"
    label = Label(span, why) if span else None
    return GmlError(Diagnostic("GML0510", message, label, secondary, help=help))


def other_values(site: ModelSite, first: ModelSite) -> GmlError:
    why = "takes other values than by the line before"
    help = f"give every line of `{site.name}` the same type: `{site.name}[..]: int<..>`"
    return _cannot(site.name, site.span, why, help, first.span)


def value_depends(site: ModelSite, name: str, declared: Span | None) -> GmlError:
    if site.is_noncentered:
        why = f"the value of `{site.name}` depends on it through `@noncentered`"
        help = "remove the decorator: then only the prior depends on it"
    else:
        why = f"the bounds of `{site.name}` depend on it"
        help = "use bounds that do not depend on discrete parameters"
    return _cannot(name, site.span, why, help, declared)


def recurrence(
    name: str, defined: str, span: Span | None, declared: Span | None
) -> GmlError:
    why = f"`{defined}` depends on every `{name}` before it"
    help = (
        f"a chain is summed out where each element of `{name}` and of the data depends "
        "on one or two neighbours only"
    )
    return _cannot(name, span, why, help, declared)


def piecewise(
    name: str, defined: str, span: Span | None, declared: Span | None
) -> GmlError:
    why = f"which of the lines that define `{defined}` this is about is not known"
    help = f"define `{defined}` in one line, or index it by a loop variable"
    return _cannot(name, span, why, help, declared)


def whole_array(name: str, span: Span | None, declared: Span | None) -> GmlError:
    why = f"depends on all elements of `{name}` at once"
    help = (
        f"what can be summed out are terms that depend on one element of `{name}`, "
        "or on two neighbours in a chain"
    )
    return _cannot(name, span, why, help, declared)


def random_place(name: str, span: Span | None, declared: Span | None) -> GmlError:
    why = f"which element of `{name}` this is depends on another parameter"
    help = f"index `{name}` by data, numbers and loop variables"
    return _cannot(name, span, why, help, declared)


def far_apart(name: str, span: Span | None, declared: Span | None) -> GmlError:
    why = f"relates elements of `{name}` that are no neighbours"
    help = (
        f"a chain is `{name}[t] ~ ..` given `{name}[t - 1]`; a longer memory is a "
        "chain over pairs of states"
    )
    return _cannot(name, span, why, help, declared)


def tangled(
    name: str, other: str, span: Span | None, declared: Span | None
) -> GmlError:
    why = f"relates `{name}` to `{other}` at other places"
    help = (
        f"sums over `{name}` and `{other}` come apart where each term depends on both "
        f"at the same place, or where `{other}` has fewer dims"
    )
    return _cannot(name, span, why, help, declared)


TOO_MANY_HELP = (
    "narrow its range by a type, `int<lower=.., upper=..>`, or use fewer states"
)


def too_many(name: str, terms: float, span: Span | None) -> GmlError:
    message = f"summing out `{name}` takes {terms:,.0f} terms, more than {MOST_TERMS:,}"
    label = Label(span, "its states, and those of what it depends on") if span else None
    return GmlError(Diagnostic("GML0511", message, label, help=TOO_MANY_HELP))
