"""All the syntax errors of a source that does not parse.

The tokens are fed to the parser's automaton. Where one does not fit, the error is
explained, the line is given up, and parsing goes on behind it from the state in which
the line began.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import define, evolve, field

from gml.diagnostics.diagnostic import Diagnostic, Fix
from gml.source import Source
from gml.syntax.brackets import match_brackets
from gml.syntax.expected import unexpected
from gml.syntax.foreign import recognise
from gml.syntax.messages import empty_model
from gml.syntax.parser import Automaton, lex
from gml.syntax.phrases import PHRASES
from gml.syntax.repair import repair
from gml.syntax.statements import STATEMENTS, no_definition
from gml.syntax.tokens import CLOSERS, END, NEWLINE, OPENERS, Token
from gml.syntax.trouble import Trouble

_UNMATCHED = "UNMATCHED"  # type of a bracket that has been reported
_HABITS = frozenset({"GML0104", "GML0107", "GML0108"})
_MOST_LINES = 8  # named in the note of a repeated mistake
_MOST_ERRORS = 20  # what is wrong with a file shows in fewer


def diagnose(source: Source) -> list[Diagnostic]:
    """What is wrong with a source that does not follow the grammar, in its order."""
    foreign = recognise(source)
    if foreign is not None:
        return [foreign]
    tokens, words = repair(lex(source))
    if not tokens and not words:
        return [empty_model(source)]
    brackets = match_brackets(tokens)
    stream = _with_newlines(tokens, brackets.unmatched)
    recovery = _Recovery(source, [*stream, _end(source)])
    recovery.run()
    found = [word for word in words if not recovery.covers(word)]
    found += _outside_texts(brackets.diagnostics, words)
    found += recovery.found
    return _merged(sorted(found, key=_start))[:_MOST_ERRORS]


def _outside_texts(
    brackets: Sequence[Diagnostic], words: Sequence[Diagnostic]
) -> list[Diagnostic]:
    """Without the brackets whose partner is in a text that was not closed."""
    texts = {_line(word) for word in words if word.code == "GML0110"}
    return [bracket for bracket in brackets if _line(bracket) not in texts]


def _end(source: Source) -> Token:
    length = len(source.text)
    return Token(END, "", source, length, source.position(length)[0])


def _with_newlines(tokens: Sequence[Token], unmatched: frozenset[int]) -> list[Token]:
    """The tokens and the newlines that count; brackets without a partner marked."""
    stream: list[Token] = []
    open_brackets: list[str] = []
    for i, token in enumerate(tokens):
        before = stream[-1] if stream else None
        is_suspended = bool(open_brackets) and open_brackets[-1] != "LBRACE"
        is_new_line = bool(i) and tokens[i - 1].last_line < token.line
        if is_new_line and before and before.type != NEWLINE and not is_suspended:
            stream.append(Token(NEWLINE, "", token.source, before.end, before.line))
        if i in unmatched:
            stream.append(evolve(token, type=_UNMATCHED))
            continue
        if token.type in OPENERS:
            open_brackets.append(token.type)
        elif token.type in CLOSERS:
            open_brackets.pop()
        if token.type != NEWLINE or (stream and stream[-1].type != NEWLINE):
            stream.append(token)
    return stream


@define
class _Recovery:
    """One pass over a stream of tokens that ends with END.

    `boundary` is the state before the current line, `outer` the boundaries of the
    lines whose blocks are open.
    """

    source: Source
    stream: list[Token]
    automaton: Automaton = field(factory=Automaton.start)
    boundary: Automaton = field(factory=Automaton.start)
    outer: list[Automaton] = field(factory=list)
    line_start: int = 0
    has_failed_here: bool = False
    """Whether a line of the open block was given up."""
    failed: Token | None = None
    """First token of the line before, if that was given up."""
    ended_early: bool = False
    """Whether that line lacked something at its end."""
    found: list[Diagnostic] = field(factory=list)
    foreign: list[tuple[int, int]] = field(factory=list)
    """First and last offset of the lines written as in another language."""

    def run(self) -> None:
        at = 0
        while at < len(self.stream):
            token = self.stream[at]
            if token.type != _UNMATCHED and self.automaton.feed(token.type):
                self._passed(token, at)
                at += 1
            elif token.type == "RBRACE" and self.outer:
                at = self._leave_block(at)
            else:
                at = self._give_up(at)

    def covers(self, word: Diagnostic) -> bool:
        """Whether a line that has been explained as a whole contains the word."""
        offset = _start(word)
        return any(start <= offset < end for start, end in self.foreign)

    def _passed(self, token: Token, at: int) -> None:
        if token.type == "LBRACE":
            self.outer.append(self.boundary)
            self.has_failed_here = False
        elif token.type == "RBRACE":
            self.boundary = self.outer.pop()
            self.line_start = at
            return
        elif token.type != NEWLINE:
            return
        self.failed = None
        self.boundary = self.automaton.copy()
        self.line_start = at + 1

    def _leave_block(self, at: int) -> int:
        """A `}` too early: give up the line whose block this is."""
        if not self.has_failed_here:
            self._explain(at)
        self.boundary = self.outer.pop()
        return self._skip(at + 1)

    def _give_up(self, at: int) -> int:
        token = self.stream[at]
        if not self._goes_on(at):
            if token.type != _UNMATCHED:
                self._explain(at)
            self.failed = self.stream[self.line_start]
            self.ended_early = token.type == NEWLINE
        self.has_failed_here = True
        return self._skip(at)

    def _goes_on(self, at: int) -> bool:
        """Whether a line that fails at once only continues the failed one before."""
        if self.failed is None or at != self.line_start:
            return False
        return self.ended_early or _column(self.stream[at]) > _column(self.failed)

    def _skip(self, at: int) -> int:
        """Back to the state before the line; the place where the next one starts."""
        self.automaton = self.boundary.copy()
        depth = 0
        while (kind := self.stream[at].type) != END:
            if kind == "RBRACE" and depth == 0:
                self.line_start = at
                return at
            depth += (kind == "LBRACE") - (kind == "RBRACE")
            at += 1
            if kind == NEWLINE and depth == 0:
                break
        self.line_start = at
        return at + (self.stream[at].type == END)

    def _explain(self, at: int) -> None:
        line = tuple(self._line())
        state = self.boundary.copy()
        for token in line[: at - self.line_start]:
            state.feed(token.type)
        trouble = Trouble(self.source, line, at - self.line_start, state.accepts())
        diagnostic = explain(trouble)
        self.found.append(diagnostic)
        if diagnostic.code == "GML0108":
            self.foreign.append((line[0].start, line[-1].start))

    def _line(self) -> Iterator[Token]:
        """The tokens from the start of the current line to its newline or end."""
        depth = 0
        for token in self.stream[self.line_start :]:
            yield token
            depth += (token.type == "LBRACE") - (token.type == "RBRACE")
            if token.type == END or (token.type == NEWLINE and depth <= 0):
                return


def explain(trouble: Trouble) -> Diagnostic:
    """The first explanation that fits."""
    for rule in (*STATEMENTS, *PHRASES, no_definition):
        diagnostic = rule(trouble)
        if diagnostic is not None:
            return diagnostic
    return unexpected(trouble)


def _column(token: Token) -> int:
    return token.source.position(token.start)[1]


def _start(diagnostic: Diagnostic) -> int:
    return diagnostic.label.span.start if diagnostic.label else -1


def _merged(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """A habit seen many times is shown once, with the lines of the others."""
    merged: list[Diagnostic] = []
    others: dict[int, list[int]] = {}
    place: dict[tuple[str, str, str | None], int] = {}
    for diagnostic in diagnostics:
        key = diagnostic.code, diagnostic.message, diagnostic.help
        if diagnostic.code in _HABITS and key in place:
            first = place[key]
            others.setdefault(first, []).append(_line(diagnostic))
            merged[first] = evolve(
                merged[first], fixes=_mended_at_once(merged[first], diagnostic)
            )
        else:
            place[key] = len(merged)
            merged.append(diagnostic)
    for index, lines in others.items():
        note = _also(set(lines) - {_line(merged[index])})
        merged[index] = evolve(merged[index], notes=(*merged[index].notes, *note))
    return merged


def _mended_at_once(first: Diagnostic, other: Diagnostic) -> tuple[Fix, ...]:
    """Fixes of a mistake seen twice mend it at both places."""
    pairs = zip(first.fixes, other.fixes, strict=False)
    return tuple(Fix(one.title, (*one.edits, *two.edits)) for one, two in pairs)


def _line(diagnostic: Diagnostic) -> int:
    assert diagnostic.label is not None
    span = diagnostic.label.span
    return span.source.position(span.start)[0]


def _also(lines: set[int]) -> tuple[str, ...]:
    if not lines:
        return ()
    shown = [str(line) for line in sorted(lines)]
    if len(shown) > _MOST_LINES:
        shown[_MOST_LINES:] = ["and more"]
    return (f"also on line{'s' * (len(lines) > 1)} {', '.join(shown)}",)
