"""Every mistake the checker knows, one constructor each: the wording lives here."""

from __future__ import annotations

from collections.abc import Iterable

from gml.diagnostics.diagnostic import Diagnostic, Label, Severity
from gml.diagnostics.suggest import did_you_mean
from gml.source import Span


def _list(names: Iterable[str]) -> str:
    return "[" + ", ".join(names) + "]"


# ---------------------------------------------------------------------- names


def unknown_name(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    help = did_you_mean(name, known)
    return Diagnostic(
        "GML0201",
        f"unknown name `{name}`",
        Label(span, "not declared"),
        help=help or f"declare it: `data {name}: real`, or define it with `=` or `~`",
    )


def defined_twice(span: Span, name: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "GML0202",
        f"`{name}` is defined twice",
        Label(span, "defined again"),
        (Label(first, "first defined here"),),
        help="rename one of them; a parameter has one `~` line",
    )


def overlapping_definitions(span: Span, name: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "GML0202",
        f"elements of `{name}` are defined twice",
        Label(span, "these elements"),
        (Label(first, "were defined here"),),
        help="make the ranges disjoint, for example `[0]` and `1..T`",
    )


def uncovered_elements(span: Span, name: str, missing: str) -> Diagnostic:
    return Diagnostic(
        "GML0408",
        f"`{name}` has no value at {missing}",
        Label(span, "defines only part of it"),
        help=f"define the rest too, for example `{name}[0] = ..` before the loop",
    )


def unknown_distribution(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    return Diagnostic(
        "GML0203",
        f"unknown distribution `{name}`",
        Label(span, "no such distribution"),
        help=did_you_mean(name, known) or "docs list the distributions of the library",
    )


def unknown_function(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    return Diagnostic(
        "GML0204",
        f"unknown function `{name}`",
        Label(span, "no such function"),
        help=did_you_mean(name, known) or f"define it: `fn {name}(x: real) = ..`",
    )


def distribution_as_value(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0204",
        f"distribution `{name}` used as a value",
        Label(span, "a distribution has no value of its own"),
        help=f"`x ~ {name}(..)` draws from it, `{name}(..).logpdf(x)` is its density",
    )


def not_a_distribution(span: Span) -> Diagnostic:
    return Diagnostic(
        "GML0203",
        "the right side of `~` is not a distribution",
        Label(span, "expected a call such as `normal(0, 1)`"),
        help="use `=` to define a value",
    )


def unknown_argument(
    span: Span, callee: str, name: str, known: Iterable[str]
) -> Diagnostic:
    known = list(known)
    return Diagnostic(
        "GML0205",
        f"`{callee}` has no argument `{name}`",
        Label(span, "unknown argument"),
        help=did_you_mean(name, known) or f"its arguments are {', '.join(known)}",
    )


def too_many_arguments(span: Span, callee: str, known: Iterable[str]) -> Diagnostic:
    known = list(known)
    takes = ", ".join(known) if known else "none"
    return Diagnostic(
        "GML0205",
        f"too many arguments for `{callee}`",
        Label(span, "this one is not expected"),
        help=f"its arguments are: {takes}",
    )


def missing_argument(span: Span, callee: str, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0206",
        f"`{callee}` needs an argument `{name}`",
        Label(span, f"`{name}` is missing"),
        help=f"pass it by position or as `{name}=..`",
    )


def repeated_argument(span: Span, callee: str, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0205",
        f"argument `{name}` of `{callee}` is given twice",
        Label(span, "given again"),
        help="remove one of them",
    )


def circular(span: Span, names: Iterable[str]) -> Diagnostic:
    names = list(names)
    chain = " -> ".join(f"`{n}`" for n in [*names, names[0]])
    return Diagnostic(
        "GML0207",
        "circular definition",
        Label(span, chain),
        help="a value may depend on its own past only: `x[t - 1]` inside `for t in ..`",
    )


def reserved_dim_name(span: Span, name: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "GML0202",
        f"`{name}` is a dim and cannot name a value too",
        Label(span, "used as a value's name"),
        (Label(first, "declared as a dim"),),
        help="rename one of them",
    )


# ---------------------------------------------------------------------- types


def unknown_type(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    known = list(known)
    return Diagnostic(
        "GML0301",
        f"unknown type `{name}`",
        Label(span, "no such type"),
        help=did_you_mean(name, known) or f"the types are {', '.join(known)}",
    )


def wrong_type(span: Span, found: str, wanted: str, help: str | None) -> Diagnostic:
    return Diagnostic(
        "GML0302",
        f"expected {wanted}, found {found}",
        Label(span, f"this is {found}"),
        help=help or f"use {wanted} here",
    )


def wrong_data_kind(
    span: Span, name: str, found: str, distribution: str, wanted: str, declared: Span
) -> Diagnostic:
    return Diagnostic(
        "GML0303",
        f"`{name}` is {found}, but `{distribution}` describes {wanted}",
        Label(span, f"a distribution on {wanted}"),
        (Label(declared, f"declared as {found}"),),
        help=f"declare `{name}` as {wanted}, or choose another distribution",
    )


def bad_type_argument(span: Span, type_name: str, problem: str) -> Diagnostic:
    return Diagnostic(
        "GML0304",
        f"`{type_name}` {problem}",
        Label(span),
        help="examples: `real<lower=0>[N]`, `index(county)[N]`, `simplex[K]`",
    )


def not_here(span: Span, what: str, help: str) -> Diagnostic:
    return Diagnostic("GML0305", what, Label(span), help=help)


def integer_overflow(span: Span) -> Diagnostic:
    return Diagnostic(
        "GML0306",
        "this integer does not fit in 64 bits",
        Label(span),
        help="write it as a real number, for example `1e20`",
    )


# --------------------------------------------------------------------- shapes


def dims_do_not_fit(
    span: Span, name: str, extra: Iterable[str], dims: Iterable[str], target: Span
) -> Diagnostic:
    extra = list(extra)
    first = extra[0]
    return Diagnostic(
        "GML0401",
        f"dims of this expression do not fit `{name}`",
        Label(span, f"adds dim {', '.join(f'`{d}`' for d in extra)}"),
        (Label(target, f"`{name}` has {_list(dims)}"),),
        help=f"reduce it (`mean(.. over {first})`) or index it (`x[i]`)",
    )


def unknown_dim(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    return Diagnostic(
        "GML0402",
        f"unknown dim `{name}`",
        Label(span, "not declared with `dim`"),
        help=did_you_mean(name, known) or f"declare it: `dim {name}`",
    )


def missing_reduction_dim(
    span: Span, dim: str, dims: Iterable[str], value: Span
) -> Diagnostic:
    dims = list(dims)
    has = f"has dims {_list(dims)}" if dims else "is a scalar"
    return Diagnostic(
        "GML0405",
        f"cannot reduce over `{dim}`",
        Label(span, "not a dim of the expression"),
        (Label(value, has),),
        help=f"reduce over one of {_list(dims)}" if dims else "drop the reduction",
    )


def reduction_without_over(span: Span, function: str, dims: list[str]) -> Diagnostic:
    over = ", ".join(dims) if dims else "N"
    return Diagnostic(
        "GML0405",
        f"`{function}` needs to know what to reduce over",
        Label(span),
        help=f"write `{function}(.. over {over})`",
    )


def wrong_number_of_indices(
    span: Span, name: str, found: int, dims: Iterable[str]
) -> Diagnostic:
    dims = list(dims)
    return Diagnostic(
        "GML0406",
        f"`{name}` has {len(dims)} dims, but {found} indices are given",
        Label(span, f"`{name}` is over {_list(dims)}"),
        help="give one index for each dim",
    )


def no_shared_dim(span: Span, left: Iterable[str], right: Iterable[str]) -> Diagnostic:
    return Diagnostic(
        "GML0407",
        f"`@` needs one dim in common: {_list(left)} @ {_list(right)}",
        Label(span),
        help="use `*` for element-wise products, `sum(.. over K)` for other sums",
    )


def several_shared_dims(span: Span, shared: Iterable[str]) -> Diagnostic:
    return Diagnostic(
        "GML0407",
        f"`@` would contract several dims: {_list(shared)}",
        Label(span),
        help="say which: `sum(a * b over K)`",
    )


def index_of_other_dim(span: Span, wanted: str, found: str) -> Diagnostic:
    return Diagnostic(
        "GML0409",
        f"an index into `{found}` is used for dim `{wanted}`",
        Label(span, f"runs over `{found}`"),
        help=f"declare it as `index({wanted})`, or `dim {found} = {wanted}`",
    )


def plain_int_as_index(span: Span, name: str, dim: str) -> Diagnostic:
    return Diagnostic(
        "GML0410",
        f"`{name}` is a plain int, not an index into `{dim}`",
        Label(span, f"cannot show that it stays within `{dim}`"),
        help=f"declare `data {name}: index({dim})[..]` "
        "(`index(..)<base=1>` if it counts from 1)",
    )


def index_outside(span: Span, index: str, dim: str) -> Diagnostic:
    return Diagnostic(
        "GML0411",
        f"index {index} is outside dim `{dim}`",
        Label(span),
        help="indices run from 0 to the size minus 1; start the range later",
    )


def cannot_index(span: Span, what: str) -> Diagnostic:
    return Diagnostic(
        "GML0406",
        f"{what} cannot be indexed",
        Label(span),
        help="name the value first: `m = ..`, then `m[i]`",
    )


def contradictory_sizes(span: Span, message: str, other: Span) -> Diagnostic:
    return Diagnostic(
        "GML0403",
        message,
        Label(span),
        (Label(other, "the other size"),),
        help="sizes of aliased dims must be equal",
    )


def range_without_dim(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0412",
        f"cannot tell which dim `{name}` is over",
        Label(span, "this range does not end in a dim"),
        help=f"end the range with a dim (`1..T`), or give `{name}` a type",
    )


# ------------------------------------------------------------------- supports


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


def declared_outside(
    span: Span, name: str, declared: str, distribution: str, support: str
) -> Diagnostic:
    return Diagnostic(
        "GML0502",
        f"`{name}` is declared {declared}, where `{distribution}` has no mass",
        Label(span, f"`{distribution}` lives on {support}"),
        help="drop the declared type, or choose another distribution",
    )


def discrete_latent(span: Span, name: str, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0503",
        f"`{name}` is a discrete parameter",
        Label(span, f"`{distribution}` is discrete and `{name}` is not data"),
        help="sum it out by hand: `factor logsumexp(.. over K)`",
    )


def narrowed_generated(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0504",
        f"`{name}` is generated and cannot be narrowed",
        Label(span, "no exact draw from a truncated distribution"),
        help="use a distribution that has this support",
    )


def narrowed_data(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0505",
        f"`{name}` is data: its type belongs in its `data` line",
        Label(span, "a type here narrows a parameter"),
        help=f"remove it, or write it in `data {name}: ..`",
    )


def cannot_noncentre(span: Span, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0506",
        f"`{distribution}` has no non-centred form here",
        Label(span),
        help="`@noncentered` works for latents with a location and a scale "
        "that keep the distribution's own support",
    )


def unknown_decorator(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0507",
        f"unknown decorator `@{name}`",
        Label(span),
        help=did_you_mean(name, ("noncentered", "centered"))
        or "`@noncentered` and `@centered` are known",
    )


def cannot_sample_from(span: Span, name: str, distribution: str) -> Diagnostic:
    return Diagnostic(
        "GML0508",
        f"`{name}` is generated, but `{distribution}` cannot be sampled",
        Label(span, f"nothing observed depends on `{name}`"),
        help=f"write `param {name} ~ ..` to keep it a parameter",
    )


def nonlinear_left_side(span: Span) -> Diagnostic:
    return Diagnostic(
        "GML0509",
        "the left side of `~` must be a name",
        Label(span),
        help="give the transformed value a name in the data, or use `factor`",
    )


# ---------------------------------------------------------------------- roles


def role_fails(span: Span, name: str, wanted: str, found: str, why: str) -> Diagnostic:
    return Diagnostic(
        "GML0901",
        f"`{name}` is asserted to be {wanted}, but it is {found}",
        Label(span, why),
        help="remove the word, or change what depends on it",
    )


def data_redefined(span: Span, name: str, declared: Span) -> Diagnostic:
    return Diagnostic(
        "GML0902",
        f"`{name}` is data and cannot be defined with `=`",
        Label(span),
        (Label(declared, "declared as data"),),
        help=f"give the new value another name, or observe it: `{name} ~ ..`",
    )


def known_needed(span: Span, what: str, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0903",
        f"{what} must be known before sampling",
        Label(span, f"depends on `{name}`, which is not data"),
        help="use data, constants and dims only",
    )


def unused_data(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "GML0904",
        f"data `{name}` is never used",
        Label(span),
        help="remove the line if it is not needed",
        severity=Severity.WARNING,
    )


def nothing_observed(span: Span | None) -> Diagnostic:
    return Diagnostic(
        "GML0905",
        "nothing is observed: every `~` is drawn from its prior",
        Label(span) if span else None,
        help="observe data with `~`, or write `param x ~ ..` to sample x by MCMC",
        severity=Severity.WARNING,
    )
