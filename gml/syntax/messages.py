"""The wording of syntax errors, one function for each mistake."""

from __future__ import annotations

from collections.abc import Sequence

from gml.diagnostics import fixes
from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.source import Source, Span
from gml.syntax import ast


def chained_comparison(span: Span, parts: Sequence[ast.Expr | str]) -> Diagnostic:
    """`a < b < c` from its operands and operators."""
    texts = [part if isinstance(part, str) else part.span.text for part in parts]
    pairs = [" ".join(texts[i : i + 3]) for i in range(0, len(texts) - 2, 2)]
    return Diagnostic(
        "GML0114",
        "comparisons cannot be chained",
        Label(span, "compares a truth value with a number"),
        help=f"write `{' and '.join(pairs)}`",
        fixes=(fixes.replace(span, _in_place(span, " and ".join(pairs))),),
    )


def _in_place(span: Span, text: str) -> str:
    """In brackets behind `not`, which binds tighter than `and`."""
    before = span.source.text[: span.start].split()
    return f"({text})" if before[-1:] == ["not"] else text


def chain_too_long(span: Span, operator: str, limit: int) -> Diagnostic:
    return Diagnostic(
        "GML0115",
        f"more than {limit} operators in a row",
        Label(span),
        help="split the expression over several definitions, or reduce over a dim",
    )


def too_deep(span: Span) -> Diagnostic:
    return Diagnostic(
        "GML0115",
        "expression is nested too deeply",
        Label(span, "this is as deep as it goes"),
        help="name inner parts with definitions of their own",
    )


def number_too_large(span: Span) -> Diagnostic:
    return Diagnostic(
        "GML0109",
        "number is too large",
        Label(span, "beyond 1.8e308"),
    )


def integer_too_large(span: Span) -> Diagnostic:
    return Diagnostic(
        "GML0109",
        "integer is too large",
        Label(span, "beyond 2^53, where integers stop being exact"),
        help="write it as a real number, such as `1e20`",
        fixes=(fixes.replace(span, f"{span.text}.0"),),
    )


def empty_model(source: Source) -> Diagnostic:
    return Diagnostic(
        "GML0113",
        "the model is empty",
        Label(Span(source, 0, 0)),
        help="a model needs at least a `~` line, such as `mu ~ normal(0, 1)`",
    )
