"""Explanations of errors inside a line: expressions, types, brackets, words."""

from __future__ import annotations

import re

from gml.diagnostics import fixes
from gml.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label
from gml.source import Span
from gml.syntax.tokens import BINARY_OPERATORS, END, NEWLINE, OPERANDS, Token
from gml.syntax.trouble import Trouble

_BINARY = BINARY_OPERATORS | {"COMMA"}
_OPERAND_ENDS = OPERANDS | {"RPAR", "RSQB"}
# Tokens after a word that show it was meant as a name.
_AFTER_NAME = _BINARY | {"ASSIGN", "TILDE", "COLON", "LSQB", "RPAR", "RSQB", "DOT"}
_AFTER_NAME |= {"ALMOST_EQUAL", NEWLINE, END}
# Words kept for later, as a line might start with them.
_KEPT = {
    "infer": "the sampler is chosen outside the model: `gmlc model.gml --infer hmc`",
}


def reserved_word(trouble: Trouble) -> Diagnostic | None:
    """`data = 3`, `import x`, `y ~ normal(in, 1)`."""
    token = trouble.token
    is_word = token.text.isalpha() and token.type not in OPERANDS
    if not is_word:
        return _reserved_first(trouble)
    follows = trouble.line[min(trouble.at + 1, len(trouble.line) - 1)].type
    if token.type != "RESERVED" and not (
        "NAME" in trouble.accepts and follows in _AFTER_NAME
    ):
        return None
    return _reserved(trouble, trouble.at)


def _reserved_first(trouble: Trouble) -> Diagnostic | None:
    """`data = 3`: the word itself could start the line, what follows cannot."""
    token = trouble.first
    is_word = token.text.isalpha() and token.type not in OPERANDS
    if trouble.at != 1 or not is_word:
        return None
    if trouble.token.type not in ("ASSIGN", "TILDE", "LSQB", "COLON"):
        return None
    return _reserved(trouble, 0)


def _reserved(trouble: Trouble, at: int) -> Diagnostic:
    word = trouble.line[at]
    kept_for = _KEPT.get(word.text) if at == 0 else None
    return Diagnostic(
        "GML0107",
        f"`{word.text}` is a reserved word",
        Label(word.span, "cannot be a name"),
        help=kept_for or f"choose another name, such as `{word.text}_`",
        fixes=_renamed(word, kept_for is not None),
    )


def _renamed(word: Token, is_kept: bool) -> tuple[Fix, ...]:
    """Another name; the line of a word that is kept goes, a block stays to be read."""
    if not is_kept:
        return (fixes.replace(word.span, f"{word.text}_"),)
    line = word.source.text[word.start :].partition("\n")[0]
    is_import = word.text == "import" and "{" not in line
    return (fixes.remove_lines(word.span, "remove the line"),) if is_import else ()


def conditional(trouble: Trouble) -> Diagnostic | None:
    """`a if c else b`, `c ? a : b`, `if c then a` without `else`, `1 + if c ..`."""
    token = trouble.token
    if token.type == "MISSING" or (token.type == "IF" and "AND" in trouble.accepts):
        return trouble.habit(
            "a choice is written `if c then a else b`",
            "for example `if x > 0 then x else 0`",
            mended=_choice(trouble),
        )
    if token.type in ("IF", "NOT") and "NAME" in trouble.accepts:
        return Diagnostic(
            "GML0101",
            f"`{token.text}` needs brackets here",
            trouble.here(),
            help=f"write `({token.text} ..)`",
        )
    for word in ("THEN", "ELSE"):
        if word in trouble.accepts and token.type in (
            NEWLINE,
            END,
            "COLON",
            "LBRACE",
        ):
            text = word.lower()
            return Diagnostic(
                "GML0101",
                f"`if` without `{text}`",
                trouble.here(f"`{text}` expected"),
                help="a choice is written `if c then a else b`; it may go over several "
                "lines inside brackets",
            )
    return None


def _choice(trouble: Trouble) -> tuple[Fix, ...]:
    """`if c then a else b` for `a if c else b` and `c ? a : b`, alone on the right."""
    pattern = r"([^\n]*?[=~]\s*)(.+?)\s+if\s+(.+?)\s+else\s+(.+)"
    order = (3, 2, 4)
    if trouble.token.type == "MISSING":
        pattern, order = r"([^\n]*?[=~]\s*)(.+?)\s*\?\s*(.+?)\s*:\s*(.+)", (2, 3, 4)
    match = re.fullmatch(pattern, trouble.text(0))
    if match is None:
        return ()
    condition, left, right = (match[number] for number in order)
    start, end = trouble.whole.start + match.end(1), trouble.whole.end
    text = f"if {condition} then {left} else {right}"
    return (fixes.replace(Span(trouble.source, start, end), text),)


def range_with_colon(trouble: Trouble) -> Diagnostic | None:
    """`x[1:3]`."""
    if trouble.token.type != "COLON" or "RANGE" not in trouble.accepts:
        return None
    return trouble.habit(
        "a range is written with `..`",
        "indices start at 0 and the end is left out: `x[0..3]` has 3 elements",
    )


def whole_axis(trouble: Trouble) -> Diagnostic | None:
    """`x[, 1]`."""
    if trouble.token.type not in ("COMMA", "COLON") or "RANGE" not in trouble.accepts:
        return None
    if "RSQB" in trouble.accepts:
        return None
    return trouble.habit("an index is missing", "`x[.., 1]` takes a whole axis")


def over(trouble: Trouble) -> Diagnostic | None:
    """`sum(x, over N)`, `sum(x over 3)`, `sum(x over 1..K)`, `sum(x over N, 2)`."""
    words = [token.type for token in trouble.line[: trouble.at]]
    token = trouble.token
    mended: tuple[Fix, ...] = ()
    if token.type == "OVER" and words[-1:] == ["COMMA"]:
        mended = (fixes.remove(trouble.line[trouble.at - 1].span),)
        message, help_ = "no comma before `over`", "write `sum(x over N)`"
    elif "OVER" in words and token.type == "INTEGER":
        message = "a reduction is over dims or named ranges"
        help_ = "write `sum(x over N)`, or `sum(f(k) over k: 1..K)`"
    elif "OVER" in words and token.type == "ASSIGN":
        message = "`over` ends the arguments"
        help_ = "write the other arguments before it: `f(x, a over N)`"
    else:
        return None
    return Diagnostic("GML0101", message, trouble.here(), help=help_, fixes=mended)


def type_parts(trouble: Trouble) -> Diagnostic | None:
    """`real[3]`, `real<0, 1>`, `real(lower=0)`."""
    kinds = [token.type for token in trouble.line[: trouble.at]]
    is_in_type = "COLON" in kinds or "ARROW" in kinds or "ON" in kinds
    if not is_in_type or trouble.accepts - {"NAME", "COMMA", "RPAR", "RSQB"}:
        return None
    match (kinds[-1], trouble.token.type):
        case ("LSQB" | "COMMA", "INTEGER"):
            size = trouble.token.text
            message = "axes have names"
            help_ = f"declare `dim K = {size}` and write `real[K]`"
        case ("LESS", "NUMBER" | "INTEGER" | "MINUS"):
            message, help_ = "bounds have names", "write `real<lower=0, upper=1>`"
        case ("NAME", "ASSIGN"):
            message, help_ = "bounds stand in `< >`", "write `real<lower=0>`"
        case _:
            return None
    return Diagnostic("GML0101", message, trouble.here(), help=help_)


def missing_operator(trouble: Trouble) -> Diagnostic | None:
    """`2 x`, `normal(0 1)` and `b = 1 c = 2`."""
    before, token = trouble.previous, trouble.token
    if before is None or "STAR" not in trouble.accepts:
        return None
    if before.type not in _OPERAND_ENDS or token.type not in OPERANDS:
        return None
    if NEWLINE in trouble.accepts and (trouble.has("ASSIGN") or trouble.has("TILDE")):
        return _new_line(trouble)
    pair = f"{before.text} * {token.text}"
    product = f"`{pair}`" if before.type in OPERANDS else "with `*`"
    if "COMMA" in trouble.accepts:
        message, sign = "a comma or an operator is missing", ","
    else:
        message, sign = "an operator is missing", " *"
    return Diagnostic(
        "GML0101",
        f"{message} before `{token.text}`",
        trouble.here(),
        help=f"a product is written {product}",
        fixes=(fixes.insert(trouble.source, before.end, sign),),
    )


def _new_line(trouble: Trouble) -> Diagnostic:
    return Diagnostic(
        "GML0101",
        f"a new line is needed before `{trouble.token.text}`",
        trouble.here(),
        fixes=(_on_a_new_line(trouble),),
    )


def _on_a_new_line(trouble: Trouble) -> Fix:
    """The item that begins here on a line of its own, as far in as the first."""
    start, before = trouble.token.start, trouble.previous
    line = trouble.source.text[: trouble.first.start].rpartition("\n")[2]
    margin = line if not line.strip() else ""
    place = Span(trouble.source, before.end if before else start, start)
    return Fix("begin a new line", (Edit(place, f"\n{margin}"),))


def unary_plus(trouble: Trouble) -> Diagnostic | None:
    if trouble.token.type != "PLUS" or "MINUS" not in trouble.accepts:
        return None
    mended = (fixes.remove(trouble.token.span),)
    return trouble.habit("there is no unary `+`", "leave it out", mended=mended)


def continued_line(trouble: Trouble) -> Diagnostic | None:
    """A line that ends with an operator, or starts with one."""
    before = trouble.previous
    if trouble.is_at_end and before is not None and before.type in _BINARY:
        message = f"the line ends after `{before.text}`"
    elif trouble.at == 0 and trouble.token.type in _BINARY | {"THEN", "ELSE"}:
        message = f"a line cannot start with `{trouble.token.text}`"
    else:
        return None
    return Diagnostic(
        "GML0101",
        message,
        trouble.here(),
        help="a line goes on inside brackets: wrap the whole expression in ( )",
    )


def second_item(trouble: Trouble) -> Diagnostic | None:
    """Two items on one line."""
    if NEWLINE not in trouble.accepts or trouble.token.type in ("COMMA", "RBRACE"):
        return None
    before = trouble.previous
    if trouble.token.type in ("ASSIGN", "TILDE"):
        return Diagnostic(
            "GML0101",
            f"a second `{trouble.token.text}` in one line",
            trouble.here(),
            help="comparison is `==`; each definition has a line of its own",
        )
    if before is None or before.type not in _OPERAND_ENDS | {"RBRACE"}:
        return None
    return _new_line(trouble)


def missing_return(trouble: Trouble) -> Diagnostic | None:
    if "RETURN" not in trouble.accepts or trouble.token.type != "RBRACE":
        return None
    return Diagnostic(
        "GML0101",
        "the body has no `return`",
        trouble.here("`return` expected before this"),
        help="the last line of a body is `return ..`",
    )


PHRASES = (
    reserved_word,
    conditional,
    whole_axis,
    range_with_colon,
    over,
    type_parts,
    missing_operator,
    unary_plus,
    missing_return,
    continued_line,
    second_item,
)
