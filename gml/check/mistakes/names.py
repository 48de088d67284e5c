"""Names: unknown, defined twice, circular; functions and their arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gml.diagnostics import fixes, translations
from gml.diagnostics.diagnostic import Diagnostic, Fix, Label
from gml.diagnostics.suggest import did_you_mean
from gml.source import Span


def unknown_name(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    known = list(known)
    help = did_you_mean(name, known)
    declared = f"data {name}: real"
    return Diagnostic(
        "GML0201",
        f"unknown name `{name}`",
        Label(span, "not declared"),
        help=help or f"declare it: `{declared}`, or define it with `=` or `~`",
        fixes=fixes.near(span, name, known) or fixes.declare(span, declared),
    )


def function_as_value(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0204",
        f"function `{name}` used as a value",
        Label(span, "not called"),
        help=f"call it: `{name}(..)`",
    )


def defined_twice(span: Span, name: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "GML0202",
        f"`{name}` is defined twice",
        Label(span, "defined again"),
        (Label(first, "first defined here"),) if first != span else (),
        help="rename one of them: a name stands for one thing",
    )


def defined_and_sampled(
    span: Span, name: str, first: Span, is_definition: bool
) -> Diagnostic:
    here = ("defined with `=`", "drawn with `~`")
    return Diagnostic(
        "GML0202",
        f"`{name}` has both `=` and `~`",
        Label(span, here[not is_definition]),
        (Label(first, here[is_definition]),),
        help="a defined value has no distribution of its own; to score it, write "
        f"`factor normal(0, 1).logpdf({name})`",
    )


def overlapping_definitions(span: Span, name: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "GML0202",
        f"elements of `{name}` are defined twice",
        Label(span, "these elements"),
        (Label(first, "were defined here"),),
        help="make the ranges disjoint, for example `[0]` and `1..T`",
    )


def uncovered_elements(span: Span, name: str, missing: Sequence[str]) -> Diagnostic:
    element = f"`{name}[{', '.join(missing)}]`"
    return Diagnostic(
        "GML0408",
        f"{element} has no value",
        Label(span, "defines only part of it"),
        help=f"give it one, {element.rstrip('`')} = ..`, or widen a range",
    )


def unknown_distribution(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    known = list(known)
    other = translations.distribution(name)
    return Diagnostic(
        "GML0203",
        f"unknown distribution `{name}`",
        Label(span, "no such distribution"),
        help=_called(other)
        or did_you_mean(name, known)
        or f"define it: `dist {name}(..) on real {{ logpdf(x) = .. }}`",
        fixes=_renamings(span, name, other, known),
    )


def unknown_function(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    known = list(known)
    other = translations.function(name)
    if (family := re.fullmatch(r"(\w+?)_lu?p[dm]f", name)) is not None:
        return Diagnostic(
            "GML0204",
            f"unknown function `{name}`",
            Label(span, "no such function"),
            help=f"the log density of `{family[1]}` is `{family[1]}(..).logpdf(x)`",
        )
    return Diagnostic(
        "GML0204",
        f"unknown function `{name}`",
        Label(span, "no such function"),
        help=_called(other)
        or did_you_mean(name, known)
        or f"define it: `fn {name}(x: real) = ..`",
        fixes=_renamings(span, name, other, known),
    )


def _called(other: str | None) -> str | None:
    return f"here it is called `{other}`" if other else None


def _renamings(
    span: Span, name: str, other: str | None, known: Sequence[str]
) -> tuple[Fix, ...]:
    if other is not None:
        return (fixes.replace(span, other),)
    return fixes.near(span, name, known)


def distribution_as_value(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0204",
        f"distribution `{name}` used as a value",
        Label(span, "a distribution has no value of its own"),
        help=f"`x ~ {name}(..)` draws from it, `{name}(..).logpdf(x)` is its density",
        fixes=fixes.replace_before(span, "=", "~"),
    )


def not_a_distribution(span: Span) -> Diagnostic:
    return Diagnostic(
        "GML0203",
        "the right side of `~` is not a distribution",
        Label(span, "expected a call such as `normal(0, 1)`"),
        help="use `=` to define a value",
        fixes=_as_definition(span),
    )


def _as_definition(span: Span) -> tuple[Fix, ...]:
    """`=` for `~`; data keep their `~`, for they cannot be defined."""
    line = span.source.text[: span.start].rpartition("\n")[2].split()
    name = line[0].partition("[")[0] if line else ""
    if fixes.is_data(span.source, name):
        return ()
    return fixes.replace_before(span, "~", "=")


def unknown_argument(
    span: Span, callee: str, name: str, known: Sequence[str]
) -> Diagnostic:
    return Diagnostic(
        "GML0205",
        f"`{callee}` has no argument `{name}`",
        Label(span, "unknown argument"),
        help=did_you_mean(name, known) or _arguments(callee, known),
        fixes=fixes.near(span, name, known),
    )


def no_keywords(span: Span, callee: str) -> Diagnostic:
    return Diagnostic(
        "GML0205",
        f"`{callee}` takes its arguments by position",
        Label(span),
        help=f"write `{callee}(..)` without names",
        fixes=_without_name(span),
    )


def _without_name(span: Span) -> tuple[Fix, ...]:
    return tuple(
        fixes.remove(span.to(fix.edits[0].span))
        for fix in fixes.remove_after(span, r"\s*=\s*")
    )


def unknown_member(
    span: Span, distribution: str, name: str, known: Sequence[str]
) -> Diagnostic:
    members = ", ".join(f"`{member}`" for member in known)
    return Diagnostic(
        "GML0205",
        f"`{distribution}` has no member `{name}`",
        Label(span, "no such member"),
        help=did_you_mean(name, known) or f"its members are {members}",
        fixes=fixes.near(span, name, known),
    )


def too_many_arguments(span: Span, callee: str, known: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "GML0205",
        f"too many arguments for `{callee}`",
        Label(span, "this one is not expected"),
        help=_arguments(callee, known),
    )


def missing_argument(span: Span, callee: str, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0206",
        f"`{callee}` needs an argument `{name}`",
        Label(span, f"`{name}` is missing"),
        help=f"pass it by position or as `{name}=..`",
    )


def too_few_operands(span: Span, callee: str, wanted: int, found: int) -> Diagnostic:
    values = "one value" if wanted == 1 else f"{wanted} values"
    return Diagnostic(
        "GML0206",
        f"`{callee}` needs {values}, {found} given",
        Label(span),
        help=f"write `{callee}({', '.join(('x', 'y', 'z')[:wanted])})`",
    )


def no_density(span: Span, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0206",
        f"distribution `{distribution}` has no density",
        Label(span, "neither `logpdf` nor `logpmf`"),
        help="add `logpdf(x) = ..`, or `logpmf(x) = ..` if it is discrete",
    )


def repeated_argument(span: Span, callee: str, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0205",
        f"argument `{name}` of `{callee}` is given twice",
        Label(span, "given again"),
        help="remove one of them",
    )


def _arguments(callee: str, known: Sequence[str]) -> str:
    if not known:
        return f"`{callee}` takes no arguments"
    return f"`{callee}` takes {', '.join(f'`{name}`' for name in known)}"


def self_defined(span: Span, name: str, is_site: bool) -> Diagnostic:
    advice = (
        f"the distribution of `{name}` cannot depend on `{name}` itself"
        if is_site
        else "a name stands for one value: give the new one a name of its own"
    )
    return Diagnostic(
        "GML0207",
        f"`{name}` is defined by itself",
        Label(span, f"uses `{name}`"),
        help=advice,
    )


def endless_recursion(span: Span, name: str, most: int) -> Diagnostic:
    return Diagnostic(
        "GML0208",
        f"`{name}` calls itself more than {most} times",
        Label(span, "called once more"),
        help="end it by a condition on an `int` argument that is a number: "
        "`if n == 0 then .. else ..`",
    )


def circular(
    span: Span, names: Sequence[str], others: Iterable[tuple[str, Span]] = ()
) -> Diagnostic:
    """A cycle: `names` in order of use, `others` where the rest are defined."""
    chain = " -> ".join(f"`{n}`" for n in [*names, names[0]])
    return Diagnostic(
        "GML0207",
        f"circular definition: {chain}",
        Label(span, f"`{names[0]}` is defined here"),
        tuple(Label(place, f"and `{name}` here") for name, place in others),
        help="a value may depend on its own past, `x[t - 1]` inside "
        "`for t in 1..T { x[t] = .. }`, but not on itself",
    )


def no_order(span: Span, names: Sequence[str]) -> Diagnostic:
    """A loop that needs an element before it has a value."""
    them = " and ".join(f"`{n}`" for n in names)
    return Diagnostic(
        "GML0207",
        f"no order of computing {them} works",
        Label(span, "needs an element that has no value yet"),
        help="a recurrence runs along one dim and reads what came before: `x[t - 1]` "
        "for `x[t]`",
    )


def circular_dims(span: Span, names: Sequence[str]) -> Diagnostic:
    chain = " -> ".join(f"`{n}`" for n in [*names, names[0]])
    return Diagnostic(
        "GML0207",
        f"circular aliases: {chain}",
        Label(span, "has no size of its own"),
        help=f"give one of them a size, `dim {names[0]} = 3`, or none: "
        f"`dim {names[0]}` takes it from the data",
    )


def reserved_dim_name(span: Span, name: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "GML0202",
        f"`{name}` is a dim and cannot name a value too",
        Label(span, "used as a value's name"),
        (Label(first, "declared as a dim"),),
        help=f"rename one of them, or write `dim {name} = ..` if its size is meant",
    )
