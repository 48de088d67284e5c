"""Which bracket belongs to which, when some are missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import field, frozen

from gml.diagnostics import fixes
from gml.diagnostics.diagnostic import Diagnostic, Fix, Label
from gml.syntax.tokens import CLOSERS, ITEM_WORDS, OPENERS, Token

_CLOSING = {"LPAR": ")", "LSQB": "]", "LBRACE": "}"}
_OPENING = ("(", "[", "{")
# A text with more is no model; past this all of them are given up at once.
_MOST_RESCANS = 20


@frozen
class Brackets:
    """Indices of the tokens that have no partner, and a diagnostic for each."""

    unmatched: frozenset[int]
    diagnostics: tuple[Diagnostic, ...]


@frozen
class _Scan:
    tokens: Sequence[Token]
    given_up: frozenset[int]
    """Openers known to be unclosed."""
    open: list[int] = field(factory=list)
    unclosed: set[int] = field(factory=set)
    stray: set[int] = field(factory=set)
    crossed: dict[int, int] = field(factory=dict)
    """Closers of the wrong kind, to their openers."""


def match_brackets(tokens: Sequence[Token]) -> Brackets:
    """Find brackets without a partner.

    An opener is unclosed if an item starts before it is closed, or if the text ends.
    In the second case it may have swallowed closed brackets: the rest of the text is
    scanned again as if it were not there.
    """
    given_up: frozenset[int] = frozenset()
    for rescan in range(_MOST_RESCANS + 1):
        scan = _scan(tokens, given_up)
        first = next(iter(scan.open), None)
        if first is None:
            break
        line = tokens[first].line
        is_last = rescan == _MOST_RESCANS
        given_up |= {i for i in scan.open if is_last or tokens[i].line == line}
    unclosed = scan.unclosed | given_up
    found = [_unclosed(tokens[i]) for i in sorted(unclosed)]
    found += [_stray(tokens[i]) for i in sorted(scan.stray)]
    found += [_crossed(tokens[i], tokens[j]) for i, j in sorted(scan.crossed.items())]
    unmatched = unclosed | scan.stray | scan.crossed.keys() | set(scan.crossed.values())
    return Brackets(frozenset(unmatched), tuple(found))


def _scan(tokens: Sequence[Token], given_up: frozenset[int]) -> _Scan:
    scan = _Scan(tokens, given_up)
    for i, token in enumerate(tokens):
        if i in given_up:
            continue
        if (
            scan.open
            and tokens[scan.open[-1]].type != "LBRACE"
            and _starts_item(scan, i)
        ):
            _give_up_round_brackets(scan)
        if token.type in OPENERS:
            scan.open.append(i)
        elif token.type in CLOSERS:
            _close(scan, i)
    return scan


def _close(scan: _Scan, i: int) -> None:
    opener = CLOSERS[scan.tokens[i].type]
    kinds = [scan.tokens[j].type for j in scan.open]
    if opener in kinds:
        while scan.tokens[scan.open[-1]].type != opener:
            scan.unclosed.add(scan.open.pop())
        scan.open.pop()
    elif scan.open and scan.tokens[scan.open[-1]].line == scan.tokens[i].line:
        scan.crossed[i] = scan.open.pop()
    else:
        scan.stray.add(i)


def _give_up_round_brackets(scan: _Scan) -> None:
    while scan.open and scan.tokens[scan.open[-1]].type != "LBRACE":
        scan.unclosed.add(scan.open.pop())


def _starts_item(scan: _Scan, i: int) -> bool:
    """Whether a token starts a line that can only be an item."""
    tokens = scan.tokens
    token = tokens[i]
    if i == 0 or tokens[i - 1].last_line == token.line:
        return False
    if token.type in ITEM_WORDS:  # these cannot stand inside ( ) or [ ]
        return True
    if token.type != "NAME" or _is_reparam(tokens, scan.open[-1]):
        return False
    return _has_tilde(tokens, i)


def _has_tilde(tokens: Sequence[Token], i: int) -> bool:
    """Whether `~` follows on the line, outside of brackets opened on it."""
    depth = 0
    for token in tokens[i:]:
        if token.line != tokens[i].line or depth < 0:
            return False
        if token.type == "TILDE" and depth == 0:
            return True
        depth += (token.type in OPENERS) - (token.type in CLOSERS)
    return False


def _is_reparam(tokens: Sequence[Token], opener: int) -> bool:
    return opener >= 2 and tokens[opener - 2].type == "REPARAM"


def _unclosed(token: Token) -> Diagnostic:
    return Diagnostic(
        "GML0102",
        f"`{token.text}` is not closed",
        Label(token.span, f"no `{_CLOSING[token.type]}` for this"),
        fixes=_closed(token),
    )


_SIGN = re.compile(r'"[^"\n]*"|[()\[\]{}]')
_COMMENT = re.compile(r"#|//|/\*")


def _closed(token: Token) -> tuple[Fix, ...]:
    """The bracket where its line ends, or where one that is further out closes.

    Where a block ends that goes on below, its indentation says.
    """
    closing, text = _CLOSING[token.type], token.source.text
    line = _COMMENT.split(text[token.end :].partition("\n")[0])[0].rstrip()
    end, depth = len(line), 0
    if token.type == "LBRACE" and not end:
        place = _end_of_block(token)
        mark = f"{closing}\n" if text[:place].endswith("\n") else f"\n{closing}\n"
        title = f"insert `{closing}` below what is indented"
        return (fixes.insert(token.source, place, mark, title),)
    title = f"insert `{closing}` at the end of the line"
    for sign in _SIGN.finditer(line):
        depth += (sign[0] in _OPENING) - (sign[0] in _CLOSING.values())
        if depth < 0:
            end, title = sign.start(), f"insert `{closing}` before `{sign[0]}`"
            break
    return (fixes.insert(token.source, token.end + end, closing, title),)


def _end_of_block(token: Token) -> int:
    """Behind the lines that are further in than the one with the opener."""
    text = token.source.text
    start = text.rfind("\n", 0, token.start) + 1
    margin = _margin(text[start:])
    place = end = (text.find("\n", token.end) + 1) or len(text)
    while end < len(text):
        line = text[end:].partition("\n")[0]
        if line.strip() and _margin(line) <= margin:
            break
        end = min(end + len(line) + 1, len(text))
        place = end if line.strip() else place
    return place


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def _stray(token: Token) -> Diagnostic:
    return Diagnostic(
        "GML0106",
        f"`{token.text}` closes nothing",
        Label(token.span, "not opened"),
        fixes=(fixes.remove(token.span),),
    )


def _crossed(closer: Token, opener: Token) -> Diagnostic:
    right = _CLOSING[opener.type]
    return Diagnostic(
        "GML0106",
        f"`{closer.text}` does not close `{opener.text}`",
        Label(closer.span, f"should be `{right}`"),
        (Label(opener.span, "opened here"),),
        fixes=(fixes.replace(closer.span, right),),
    )
