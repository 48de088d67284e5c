"""Types: unknown, of another kind, with other arguments; constructs out of place."""

from __future__ import annotations

from collections.abc import Iterable

from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.diagnostics.suggest import did_you_mean
from gml.source import Span

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
    )


def wrong_type(span: Span, found: str, wanted: str, help: str) -> Diagnostic:
    return Diagnostic(
        "GML0302",
        f"expected {wanted}, found {found}",
        Label(span, f"this is {found}"),
        help=help,
    )


def wrong_data_kind(
    span: Span, name: str, found: str, distribution: str, wanted: str, declared: Span
) -> Diagnostic:
    return Diagnostic(
        "GML0303",
        f"`{name}` is {found}, but `{distribution}` describes {wanted}",
        Label(span, f"a distribution on {wanted}"),
        (Label(declared, f"declared {found}"),),
        help=f"declare `{name}` as {wanted}, or choose another distribution",
    )


def bad_type(span: Span, what: str, help: str) -> Diagnostic:
    return Diagnostic("GML0304", what, Label(span), help=help)


def empty_dim(span: Span, name: str) -> Diagnostic:
    return bad_type(
        span,
        f"dim `{name}` must have at least one element",
        f"write `dim {name} = 1`, or `dim {name}` to take its size from the data",
    )


def no_equation(span: Span, what: str, help: str) -> Diagnostic:
    return Diagnostic("GML0306", what, Label(span), help=help)


def not_here(span: Span, what: str, help: str) -> Diagnostic:
    return Diagnostic("GML0305", what, Label(span), help=help)
