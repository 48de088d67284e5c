"""Explanations of lines that are no item: most are written as in another language."""

from __future__ import annotations

import re

from gml.diagnostics import fixes
from gml.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label
from gml.source import Span
from gml.syntax.loop_headers import loop_header
from gml.syntax.trouble import Trouble

_BLOCKS = {
    "data": "write `data x: real[N]`, one a line",
    "parameters": "a parameter is declared by its prior: `mu ~ normal(0, 1)`",
    "model": "write its lines by themselves, such as `y ~ normal(mu, sigma)`",
    "transformed": "definitions such as `eta = a + b * x` stand among the other lines",
    "generated": "definitions such as `odds = exp(b)` stand among the other lines",
    "functions": "write `fn f(x: real) -> real = ..`, outside any block",
}
_STAN_TYPES = frozenset(
    {
        "real",
        "int",
        "vector",
        "row_vector",
        "matrix",
        "array",
        "complex",
        "simplex",
        "ordered",
        "positive_ordered",
        "unit_vector",
        "cov_matrix",
        "corr_matrix",
        "cholesky_factor_cov",
        "cholesky_factor_corr",
        "float",
        "double",
        "bool",
    }
)
_DEFINING_WORDS = {
    "def": "functions are written `fn f(x: real) -> real = ..`",
    "function": "functions are written `fn f(x: real) -> real = ..`",
    "lambda": "functions are written `fn f(x: real) -> real = ..`",
    "let": "a definition needs no word before it: `x = ..`",
    "var": "a definition needs no word before it: `x = ..`",
    "val": "a definition needs no word before it: `x = ..`",
    "while": "loops are written `for t in T { .. }`, over a dim or a range",
    "print": "`gmlc` prints every name of the model; there is no print",
}


def block(trouble: Trouble) -> Diagnostic | None:
    """`parameters {` and the other blocks of Stan."""
    words = [token.text for token in trouble.line[:3]]
    if words[0] not in _BLOCKS or "{" not in words[1:]:
        return None
    name = " ".join(words[: words.index("{")])
    return trouble.habit(
        "GML has no blocks",
        _BLOCKS[words[0]],
        Label(trouble.first.span.to(trouble.peek(words.index("{")).span), name),
    )


def declaration_in_c_style(trouble: Trouble) -> Diagnostic | None:
    """`real<lower=0> sigma`, `vector[N] x`, also with `data` or `const` before it."""
    start = 1 if trouble.first.type in ("DATA", "CONST") else 0
    if trouble.peek(start).text not in _STAN_TYPES:
        return None
    match = re.match(
        r"(\w+)\s*(<[^>]*>)?\s*(\[[^\]]*\])?\s+([A-Za-z_]\w*)\s*(\[[^\]]*\])?",
        trouble.text(start),
    )
    if match is None:
        return None
    base, bounds, dims, name, dims_after = match.groups()
    type_ = _TYPES.get(base, base) + (bounds or "") + (dims or dims_after or "")
    return trouble.habit(
        f"the name comes before the type: `{name}: {type_}`",
        f"data are declared by `data {name}: {type_}`, a parameter by its prior: "
        f"`{name}: {type_} ~ ..`, where what its distribution implies may be left out",
        Label(trouble.whole, "type before name"),
        (fixes.replace(trouble.whole, f"{trouble.first.text} {name}: {type_}"),)
        if start
        else (),
    )


_TYPES = {"vector": "real", "row_vector": "real", "matrix": "real", "array": "real"}
_TYPES |= {"float": "real", "double": "real"}


def target_increment(trouble: Trouble) -> Diagnostic | None:
    """`target += x`, and `x += 1`."""
    if trouble.token.type != "FOREIGN_OPERATOR":
        return None
    name = trouble.text(0, trouble.at)
    if name == "target":
        term = _as_term(trouble.text(trouble.at + 1))
        mended = (fixes.replace(trouble.whole, term),)
        what = "the log density has no name"
        return trouble.habit(what, f"write `{term}`", mended=mended)
    return trouble.habit(
        f"`{trouble.token.text}` is not an operator of GML: a name is defined once",
        "give the new value a name of its own, or reduce: `sum(x over N)`",
    )


def _as_term(value: str) -> str:
    density = re.fullmatch(r"(\w+)_lu?p[dm]f\((\w+) *\|(.*)\)", value)
    if density is None:
        return f"factor {value}"
    family, name, arguments = density.groups()
    return f"{name} ~ {family}({arguments.strip()})"


def assignment_arrow(trouble: Trouble) -> Diagnostic | None:
    """`x <- e`."""
    follows = trouble.line[trouble.at :]
    if not trouble.expects_definition or trouble.token.type != "LESS":
        return None
    if follows[1].type != "MINUS" or not trouble.token.touches(follows[1]):
        return None
    return trouble.habit(
        "a definition is written with `=`",
        f"write `{trouble.text(0, trouble.at)} = {trouble.text(trouble.at + 2)}`",
        Label(trouble.token.span.to(follows[1].span), "as in R"),
        (fixes.replace(trouble.token.span.to(follows[1].span), "="),),
    )


def double_equals(trouble: Trouble) -> Diagnostic | None:
    """`x == e` where a definition is meant."""
    if not trouble.expects_definition or trouble.token.type != "EQUAL":
        return None
    return trouble.habit(
        "a definition is written with one `=`",
        f"write `{trouble.text(0, trouble.at)} = {trouble.text(trouble.at + 1)}`",
        mended=(fixes.replace(trouble.token.span, "="),),
    )


def foreign_word(trouble: Trouble) -> Diagnostic | None:
    """`def f(x):`, `let x = 1`, `while ..`, `print(x)`."""
    help_ = _DEFINING_WORDS.get(trouble.first.text)
    if help_ is None:
        return None
    word = trouble.first
    mended: tuple[Fix, ...] = ()
    if word.text in ("let", "var", "val"):
        place = Span(word.source, word.start, trouble.peek(1).start)
        mended = (fixes.remove(place),)
    elif word.text == "print":
        mended = (fixes.remove_lines(trouble.whole),)
    what = f"`{word.text}` is not a word of GML"
    return trouble.habit(what, help_, Label(word.span), mended)


def if_statement(trouble: Trouble) -> Diagnostic | None:
    """`if (c) {`: there are no statements."""
    if trouble.first.type not in ("IF", "ELSE"):
        return None
    return trouble.habit(
        f"`{trouble.first.text}` cannot start a line",
        "`if` is part of an expression: `x = if c then a else b`",
        Label(trouble.first.span),
    )


def data_line(trouble: Trouble) -> Diagnostic | None:
    """`data y real[N]`, `data x, y: real`, `data y`, `data y = 3`."""
    if trouble.first.type != "DATA" or trouble.peek(1).type != "NAME":
        return None
    name = trouble.peek(1).text
    mended: tuple[Fix, ...] = ()
    match trouble.token.type:
        case "NAME" if trouble.at == 2:
            rest = trouble.text(2)
            mended = (fixes.insert(trouble.source, trouble.peek(1).end, ":"),)
            message, help_ = "missing `:` before the type", f"`data {name}: {rest}`"
        case "COMMA" if trouble.at == 2:
            message, help_ = (
                "one name a `data` line",
                "give each name a line of its own",
            )
        case "ASSIGN":
            message = "data get their values from outside the model"
            value = trouble.text(trouble.at + 1)
            help_ = f"for a fixed number write `const {name} = {value}`"
            mended = (fixes.replace(trouble.first.span, "const"),)
        case "TILDE":
            message = "a `data` line only declares"
            type_ = "real" if trouble.at == 2 else trouble.text(3, trouble.at)
            help_ = (
                f"write `data {name}: {type_}` and, on another line, "
                f"`{name} ~ {trouble.text(trouble.at + 1)}`"
            )
            mended = _on_another_line(trouble, name) if trouble.at > 2 else ()
        case _ if trouble.is_at_end and trouble.at == 2:
            message, help_ = "data need a type", f"such as `data {name}: real[N]`"
            mended = (fixes.insert(trouble.source, trouble.peek(1).end, ": real"),)
        case _:
            return None
    return Diagnostic("GML0101", message, trouble.here(), help=help_, fixes=mended)


def _on_another_line(trouble: Trouble, name: str) -> tuple[Fix, ...]:
    before = trouble.previous
    assert before is not None
    place = Span(trouble.source, before.end, trouble.token.start)
    return (
        Fix(f"write `{name} ~` on a line of its own", (Edit(place, f"\n{name} "),)),
    )


def dim_size(trouble: Trouble) -> Diagnostic | None:
    """`dim N: int`, `dim M = N + 1`."""
    if trouble.first.type != "DIM" or trouble.at < 2:
        return None
    if trouble.token.type == "COLON":
        message = "a dim has no type"
        help_ = "`dim N` is sized by the data; `dim N = 3` has a size of its own"
    elif {"NAME", "INTEGER"} <= trouble.accepts or trouble.at > 3:
        message = "the size of a dim is a whole number or another dim"
        help_ = "other sizes come from the data: `dim N`"
    else:
        return None
    return Diagnostic("GML0101", message, trouble.here(), help=help_)


def left_side(trouble: Trouble) -> Diagnostic | None:
    """`log(y) ~ d`, `s[t + 1] = e`, `y[..3] ~ d`: only a target can stand there."""
    if trouble.first.type != "NAME" or not (
        trouble.has("TILDE") or trouble.has("ASSIGN")
    ):
        return None
    name = trouble.first.text
    if trouble.token.type == "LPAR" and trouble.at == 1 and trouble.has("TILDE"):
        return Diagnostic(
            "GML0509",
            "only a name can stand on the left of `~`",
            Label(trouble.first.span.to(trouble.token.span), "a call"),
            help="give the distribution of the name itself; a transformed datum is a "
            "`data` of its own",
        )
    if trouble.peek(1).type == "LSQB" and trouble.at >= 2:
        return _subscript_on_the_left(trouble, name)
    return None


def _subscript_on_the_left(trouble: Trouble, name: str) -> Diagnostic | None:
    before = trouble.previous
    assert before is not None
    if trouble.token.type == "RANGE" or before.type == "RANGE":
        return Diagnostic(
            "GML0101",
            "a range on the left needs both ends",
            trouble.here(),
            help=f"write `{name}[0..3]`, or `{name}[1..T]` up to the end of a dim",
        )
    if trouble.token.type in ("RSQB", "COMMA") and "RANGE" in trouble.accepts:
        commas = [n for n in range(trouble.at) if trouble.line[n].type == "COMMA"]
        start = trouble.peek(max([1, *commas]) + 1)
        return Diagnostic(
            "GML0101",
            "an index on the left is a name or a number",
            Label(start.span.to(before.span), "cannot be computed"),
            help=f"shift the range instead: `for t in 1..T {{ {name}[t] = "
            f".. {name}[t - 1] .. }}`",
        )
    return None


def only_declared(trouble: Trouble) -> Diagnostic | None:
    """`x: real<lower=0>` or `param x`, and nothing else."""
    if not trouble.expects_definition or not trouble.is_at_end:
        return None
    has_role = trouble.first.type in ("PARAM", "GENERATED", "LOCAL")
    if not has_role and "COLON" in trouble.accepts:
        return None
    return Diagnostic(
        "GML0116",
        f"`{trouble.peek(int(has_role)).text}` is declared but not given",
        Label(trouble.whole, "no `~` or `=` follows"),
        help=f"a parameter without a prior is `{trouble.text(0)} ~ flat()`",
        fixes=(fixes.insert(trouble.source, trouble.whole.end, " ~ flat()"),),
    )


def no_definition(trouble: Trouble) -> Diagnostic | None:
    """A bare expression."""
    if not trouble.expects_definition or trouble.has("TILDE") or trouble.has("ASSIGN"):
        return None
    return Diagnostic(
        "GML0116",
        "this line defines nothing",
        Label(trouble.whole, "an expression by itself"),
        help="write `name = ..` for a value, `name ~ ..` for a distribution, "
        "`factor ..` for a term of the log density",
    )


def constant(trouble: Trouble) -> Diagnostic | None:
    """`const x` and `const x: real`."""
    if trouble.first.type != "CONST" or not trouble.is_at_end or trouble.at < 2:
        return None
    if "ASSIGN" not in trouble.accepts:
        return None
    return Diagnostic(
        "GML0101",
        "a constant needs a value",
        trouble.here("`=` expected"),
        help=f"write `{trouble.text(0)} = ..`; a number from outside is `data`",
    )


def decorator(trouble: Trouble) -> Diagnostic | None:
    """`@noncentered` before something that is no site."""
    if "AT" not in trouble.accepts or trouble.accepts & {"DIM", "STAR"}:
        return None
    return Diagnostic(
        "GML0112",
        "a decorator stands above a `~` or `=` line",
        trouble.here("neither"),
        help="it says how the name on the next line is sampled",
    )


def import_path(trouble: Trouble) -> Diagnostic | None:
    """`import "../effects.gml"`, `import effects as e`."""
    if trouble.first.type != "IMPORT":
        return None
    return trouble.habit(
        "an import is a name",
        "`import effects` is `effects.gml` in the folder of the model, `import a.b` is "
        "`a/b.gml`, `import std.hierarchical` the library's",
    )


STATEMENTS = (
    import_path,
    block,
    declaration_in_c_style,
    target_increment,
    assignment_arrow,
    double_equals,
    if_statement,
    loop_header,
    data_line,
    dim_size,
    constant,
    left_side,
    only_declared,
    foreign_word,
    decorator,
)
