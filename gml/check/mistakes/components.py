"""Components and imports: what they may hold, and how they are used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.diagnostics.suggest import did_you_mean
from gml.source import Span


def cannot_import(span: Span, name: str, why: str, help: str) -> Diagnostic:
    return Diagnostic(
        "GML0220", f"`{name}` cannot be imported", Label(span, why), help=help
    )


def not_a_definition(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0221",
        f"`{name}` is imported and does more than define",
        Label(span, "this belongs to a model"),
        help="an imported file has `fn`, `dist`, `const`, `model` and `import` alone; "
        "put such lines into a component: `model name(..) { .. }`",
    )


def not_in_a_component(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0222",
        f"component `{name}` may not declare this",
        Label(span, "outside of components alone"),
        help="a component has `~`, `=`, `factor` and `for`; what it needs is passed to "
        "it: dims, data, other parameters",
    )


def outside_name(span: Span, name: str, component: str) -> Diagnostic:
    return Diagnostic(
        "GML0222",
        f"component `{component}` does not know `{name}`",
        Label(span, "not a parameter of it"),
        help=f"pass it: `model {component}(.., {name})`; a component sees its own "
        "names, constants, functions and distributions",
    )


def bad_use(span: Span, component: str, why: str, help: str) -> Diagnostic:
    return Diagnostic(
        "GML0222",
        f"component `{component}` is not used like this",
        Label(span, why),
        help=help,
    )


def conditioned(span: Span, name: str, data: Span) -> Diagnostic:
    return Diagnostic(
        "GML0222",
        f"`{name}` is data and cannot be a component",
        Label(span, "a component has no value to observe"),
        (Label(data, "declared here"),),
        help="describe data by a distribution: `y ~ normal(a.mean, 1)`, with "
        f"`a ~ {span.source.text[span.end :].lstrip(' ~').partition('(')[0]}(..)`",
    )


def circular_components(span: Span, names: Sequence[str]) -> Diagnostic:
    ring = " -> ".join(f"`{name}`" for name in (*names, names[0]))
    return Diagnostic(
        "GML0222",
        f"component `{names[0]}` contains itself",
        Label(span, ring),
        help="a component may hold others, but not itself",
    )


def not_a_dim(span: Span, parameter: str) -> Diagnostic:
    return Diagnostic(
        "GML0222",
        f"`{parameter}` has to be a dim",
        Label(span, "not the name of one"),
        help="pass the name of a dim: `dim J`, then `a ~ component(J)`",
    )


def not_a_value(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0222",
        f"`{name}` has no value of its own",
        Label(span, "a component, or an import"),
        help=f"name what is in it: `{name}.part`",
    )


def unknown_part(
    span: Span, module: str, name: str, known: Iterable[str]
) -> Diagnostic:
    help = did_you_mean(name, known)
    return Diagnostic(
        "GML0220",
        f"`{module}` has no `{name}`",
        Label(span, "not defined there"),
        help=help or f"it defines {', '.join(f'`{k}`' for k in sorted(known))}",
    )
