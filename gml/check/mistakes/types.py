"""Types: unknown, of another kind, with other arguments; constructs out of place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gml.diagnostics import fixes, translations
from gml.diagnostics.diagnostic import Diagnostic, Fix, Label
from gml.diagnostics.suggest import did_you_mean
from gml.source import Span

# A support that reads the same in every model: `int<lower=0>`.
_WITHOUT_NAMES = re.compile(r"(real|int|bool)(<[\d.,=\- lowerup]*>)?")
# What other languages call things.
_TRANSLATIONS = {
    "vector": "a vector is `real[N]`, over a dim that `dim N` declares",
    "row_vector": "a vector is `real[N]`, over a dim that `dim N` declares",
    "matrix": "a matrix is `real[N, P]`, over dims that `dim N, P` declares",
    "array": "an array is `real[N]`, over a dim that `dim N` declares",
    "float": "write `real`",
    "double": "write `real`",
    "number": "write `real`",
    "integer": "write `int`",
    "boolean": "write `bool`",
    "logical": "write `bool`",
    "categorical": "write `index(K)`, an element of dim `K`",
    "factor": "write `index(K)`, an element of dim `K`",
}


def unknown_type(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    known = list(known)
    advice = _TRANSLATIONS.get(name.lower()) or did_you_mean(name, known)
    return Diagnostic(
        "GML0301",
        f"unknown type `{name}`",
        Label(span, "no such type"),
        help=advice or f"the types are {', '.join(f'`{k}`' for k in known)}",
        fixes=(fixes.replace(span, other),)
        if (other := translations.type_(name))
        else fixes.near(span, name, known),
    )


def wrong_type(
    span: Span, found: str, wanted: str, help: str, mended: tuple[Fix, ...] = ()
) -> Diagnostic:
    return Diagnostic(
        "GML0302",
        f"expected {wanted}, found {found}",
        Label(span, f"this is {found}"),
        help=help,
        fixes=mended,
    )


def wrong_scalar(
    span: Span, found: str, wanted: str, name: str | None, is_count: bool
) -> Diagnostic:
    """A real for a truth value or an integer; `name` if it is an array's element."""
    if not is_count:
        text = span.text if span.text.isidentifier() else "x"
        return wrong_type(span, found, wanted, f"compare it: `{text} > 0`")
    if name is None:
        help = "convert it with `int(..)`, which drops the fraction"
        return wrong_type(span, found, wanted, help)
    mended = fixes.retype_data(span.source, name, "int")
    return wrong_type(span, found, wanted, f"declare `{name}` as `int`", mended)


def wrong_data_kind(
    span: Span, name: str, found: str, distribution: str, wanted: str, declared: Span
) -> Diagnostic:
    return Diagnostic(
        "GML0303",
        f"`{name}` is {found}, but `{distribution}` describes {wanted}",
        Label(span, f"a distribution on {wanted}"),
        (Label(declared, f"declared {found}"),),
        help=f"declare `{name}` as {wanted}, or choose another distribution",
        fixes=fixes.retype_data(declared.source, name, wanted)
        if _WITHOUT_NAMES.fullmatch(wanted)
        else (),
    )


def bad_type(
    span: Span, what: str, help: str, mended: tuple[Fix, ...] = ()
) -> Diagnostic:
    return Diagnostic("GML0304", what, Label(span), help=help, fixes=mended)


def empty_dim(span: Span, name: str) -> Diagnostic:
    return bad_type(
        span,
        f"dim `{name}` must have at least one element",
        f"write `dim {name} = 1`, or `dim {name}` to take its size from the data",
        fixes.remove_with(span, r"\s*=\s*"),
    )


def no_equation(span: Span, what: str, help: str) -> Diagnostic:
    return Diagnostic("GML0306", what, Label(span), help=help)


def not_here(
    span: Span, what: str, help: str, mended: tuple[Fix, ...] = ()
) -> Diagnostic:
    return Diagnostic("GML0305", what, Label(span), help=help, fixes=mended)
