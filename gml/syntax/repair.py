"""Words that GML does not have: reported, and replaced by what was meant.

The replacement lets the rest of the line be checked as if it had been written right.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable

from attrs import evolve

from gml.diagnostics import fixes
from gml.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label
from gml.syntax import messages
from gml.syntax.tokens import NEWLINE, Token, is_too_large

# What a foreign operator means, as terminal and as text.
_OPERATORS = {
    "**": ("CARET", "^"),
    "&&": ("AND", "and"),
    "||": ("OR", "or"),
    ":=": ("ASSIGN", "="),
}
_COMPOUND = ("+=", "-=", "*=", "/=")
_CHARACTERS = {
    "!": "write `not x`",
    "%": "the remainder is `x - y * floor(x / y)`",
    "|": "a log density is `normal(mu, sigma).logpdf(y)`, a choice of two `or`",
    "&": "write `and`",
    "'": 'texts stand in double quotes: `"text"`; a transpose is not needed, since '
    "axes have names",
    "$": "a model is not TeX or shell: names are used as they are",
    "\\": "a line goes on by itself inside brackets",
    "`": "names are used as they are",
}
# Characters that stand where an operator of GML could.
_MEANT = {"!": "NOT", "%": "STAR", "&": "AND", "|": "COMMA"}
# What they are written as, with the blanks that a word needs.
_WRITTEN = {"!": "not ", "&": "and"}
_INVISIBLE = frozenset({"Zs", "Cc", "Cf", "Zl", "Zp"})


def repair(tokens: Iterable[Token]) -> tuple[list[Token], list[Diagnostic]]:
    """The tokens without foreign words, and a diagnostic for each such word."""
    repaired: list[Token] = []
    found: list[Diagnostic] = []
    for token in tokens:
        replacement, diagnostic = _repair(token)
        if replacement is not None:
            repaired.append(replacement)
        if diagnostic is not None:
            found.append(diagnostic)
    return repaired, found


def _repair(token: Token) -> tuple[Token | None, Diagnostic | None]:
    match token.type:
        case "SEMICOLON":
            return evolve(token, type=NEWLINE), _semicolon(token)
        case "LINE_COMMENT" | "BLOCK_COMMENT":
            return None, _comment(token)
        case "MALFORMED_NUMBER":
            return evolve(token, type="NUMBER"), _number(token)
        case "OPEN_STRING":
            return evolve(token, type="STRING"), _string(token)
        case "FOREIGN_OPERATOR":
            return _operator(token)
        case "FOREIGN_NAME":
            return evolve(token, type="NAME"), _foreign_name(token)
        case "UNKNOWN":
            meant = _MEANT.get(token.text)
            replacement = evolve(token, type=meant) if meant else None
            return replacement, _character(token)
        case "INTEGER" if is_too_large(token.text):
            return token, messages.integer_too_large(token.span)
        case "NUMBER" if math.isinf(float(token.text)):
            return token, messages.number_too_large(token.span)
        case _:
            return token, None


def _semicolon(token: Token) -> Diagnostic:
    return Diagnostic(
        "GML0108",
        "GML has no semicolons",
        Label(token.span, "remove this"),
        help="a declaration ends with its line; write one a line",
        fixes=(_without_semicolon(token),),
    )


def _without_semicolon(token: Token) -> Fix:
    """A new line where something follows on the same one."""
    rest = token.source.text[token.end :].partition("\n")[0].partition("#")[0]
    if not rest.strip():
        return fixes.remove(token.span)
    return Fix("end the line", (Edit(token.span, "\n"),))


def _comment(token: Token) -> Diagnostic:
    opener = token.text[:2]
    return Diagnostic(
        "GML0108",
        f"comments do not start with `{opener}`",
        Label(token.opening(2)),
        help="write `# comment`, or `## text` to describe the next name",
        fixes=(_as_comment(token),),
    )


def _as_comment(token: Token) -> Fix:
    """`#` for `//`, and before each line of `/* .. */`."""
    text = token.text.removeprefix("//").removeprefix("/*").removesuffix("*/")
    lines = [line.strip().removeprefix("*").strip() for line in text.splitlines()]
    whole = "\n".join(f"# {line}".rstrip() for line in lines)
    after = token.source.text[token.end :].partition("\n")[0]
    whole += "\n" if after.strip() else ""
    return Fix("write it with `#`", (Edit(token.span, whole),))


def _number(token: Token) -> Diagnostic:
    text = token.text
    if "_" in text:
        written = text.replace("_", "")
    elif text.startswith("."):
        written = "0" + text
    else:
        digits, _, exponent = text.partition(".")
        written = f"{digits}.0{exponent}"
    return Diagnostic(
        "GML0109",
        f"number `{text}` cannot be read",
        Label(
            token.span,
            "digits are needed on both sides of the point"
            if "." in text
            else "digits stand together",
        ),
        help=f"write `{written}`",
        fixes=(fixes.replace(token.span, written),),
    )


def _string(token: Token) -> Diagnostic:
    return Diagnostic(
        "GML0110",
        "text is not closed",
        Label(token.opening(1), "opened here"),
        help='close it with `"` on the same line',
    )


def _operator(token: Token) -> tuple[Token | None, Diagnostic | None]:
    if token.text in _COMPOUND or token.text == "++":
        return token, None  # what was meant depends on the line: see statements.py
    kind, written = _OPERATORS[token.text]
    diagnostic = Diagnostic(
        "GML0108",
        f"`{token.text}` is not an operator of GML",
        Label(token.span),
        help=f"write `{written}`",
        fixes=(fixes.replace(token.span, written),),
    )
    return evolve(token, type=kind), diagnostic


def _foreign_name(token: Token) -> Diagnostic:
    ascii_name = "".join(_spelled_out(char) for char in token.text)
    return Diagnostic(
        "GML0104",
        f"`{token.text}` is not a name",
        Label(token.span, "names are made of a to z, 0 to 9 and `_`"),
        help=f"write `{ascii_name}`" if ascii_name.isidentifier() else None,
        fixes=(fixes.replace(token.span, ascii_name),)
        if ascii_name.isidentifier()
        else (),
    )


def _spelled_out(char: str) -> str:
    """`sigma` for a Greek letter, the plain letter under an accent."""
    if char.isascii():
        return char
    words = unicodedata.name(char, "").split()
    if words[:1] == ["GREEK"] and "LETTER" in words:
        word = words[words.index("LETTER") + 1].lower()
        return word.capitalize() if "CAPITAL" in words else word
    plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return plain if plain.isalnum() else ""


def _character(token: Token) -> Diagnostic:
    char, span = token.text, token.span
    mended: tuple[Fix, ...] = ()
    if unicodedata.category(char) in _INVISIBLE:
        shown = unicodedata.name(char, f"U+{ord(char):04X}").lower()
        help_ = "remove it, or write an ordinary blank"
        is_blank = unicodedata.category(char) == "Zs"
        title = "write an ordinary blank" if is_blank else "remove it"
        mended = (Fix(title, (Edit(span, " " if is_blank else ""),)),)
    else:
        shown, help_ = f"`{char}`", _CHARACTERS.get(char, "remove it")
        if char in _WRITTEN:
            mended = (fixes.replace(span, _WRITTEN[char]),)
    return Diagnostic(
        "GML0104",
        f"unexpected character {shown}",
        Label(span),
        help=help_,
        fixes=mended,
    )
