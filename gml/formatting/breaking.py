"""Lines that are too long: broken inside brackets."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field, frozen

from gml.formatting.words import Word
from gml.syntax.tokens import CLOSERS

WIDTH = 88
INDENT = "  "
# With less room than this a line is not broken: deeper brackets would not fit either.
_ROOM = 24
_OPENERS = ("LPAR", "LSQB")

# Operators by how loosely they bind, the loosest first: that is where lines break.
_LEVELS = (
    {"OVER"},
    {"ELSE"},
    {"THEN"},
    {"OR"},
    {"AND"},
    {"LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL", "EQUAL", "NOT_EQUAL"},
    {"PLUS", "MINUS"},
    {"STAR", "SLASH", "AT"},
)


@frozen(eq=False)
class Group:
    """A bracket with its contents, which commas part."""

    opener: Word
    parts: tuple[Pieces, ...]
    """A part ends with its comma."""
    closer: Word
    # Known from the start: to look for them in many brackets would take many calls.
    flat: str
    has_comments: bool
    """Whether there are comments in it; one after it is none of its own."""

    @classmethod
    def of(cls, opener: Word, parts: tuple[Pieces, ...], closer: Word) -> Group:
        inside = " ".join(flat(part) for part in parts)
        has_any = bool(opener.comment or closer.above) or any(map(has_comments, parts))
        text = f"{opener.text}{inside}{closer.text}"
        return cls(opener, parts, closer, text, has_any)

    @property
    def can_break(self) -> bool:
        """Breaking a bracket around nothing or a single word gains nothing."""
        pieces = [piece for part in self.parts for piece in part]
        return len(pieces) > 1 or any(isinstance(piece, Group) for piece in pieces)


Piece = Word | Group
Pieces = tuple[Piece, ...]


def flat(pieces: Pieces) -> str:
    """Pieces on one line."""
    return "".join(_blank(piece) + _text(piece) for piece in pieces).lstrip(" ")


def has_comments(pieces: Pieces) -> bool:
    return any(
        first.above or last.comment is not None or _is_broken(piece)
        for piece in pieces
        for first, last in [_ends(piece)]
    )


def _is_broken(piece: Piece) -> bool:
    """Whether a comment inside breaks it, however short it is."""
    return isinstance(piece, Group) and piece.has_comments


def _ends(piece: Piece) -> tuple[Word, Word]:
    """The first word and the last one."""
    return (piece.opener, piece.closer) if isinstance(piece, Group) else (piece, piece)


def _text(piece: Piece) -> str:
    return piece.flat if isinstance(piece, Group) else piece.text


def _blank(piece: Piece) -> str:
    return " " if _ends(piece)[0].is_spaced else ""


def _pieces(words: Iterator[Word]) -> Iterator[Piece]:
    """Words with their brackets made groups, up to a closing one that has no opener."""
    for word in words:
        yield _group(word, words) if word.kind in _OPENERS else word


def _group(opener: Word, words: Iterator[Word]) -> Group:
    """The bracket that has just been opened; its words are taken from the iterator."""
    parts: list[Pieces] = []
    part: list[Piece] = []
    word = next(words)
    while word.kind not in CLOSERS:
        part.append(_group(word, words) if word.kind in _OPENERS else word)
        # the commas after `over` part its binders
        if word.kind == "COMMA" and not any(_kind(piece) == "OVER" for piece in part):
            parts.append(tuple(part))
            part = []
        word = next(words)
    if part:
        parts.append(tuple(part))
    return Group.of(opener, tuple(parts), word)


def _kind(piece: Piece) -> str:
    return piece.kind if isinstance(piece, Word) else "GROUP"


@define
class _Line:
    """A line as it is made: what of it can be broken still."""

    code: str = ""
    comment: str | None = None
    groups: list[Group] = field(factory=list)

    @property
    def text(self) -> str:
        if self.comment is None:
            return self.code
        return f"{self.code}  {self.comment}" if self.code else self.comment


def break_line(words: list[Word], width: int) -> list[str]:
    """The lines of a logical line, the first one not indented."""
    return _break(tuple(_pieces(iter(words))), width)


def _break(pieces: Pieces, width: int) -> list[str]:
    """Break the widest bracket of what is too long until nothing is."""
    broken = [
        piece for piece in pieces if isinstance(piece, Group) and _is_broken(piece)
    ]
    while True:
        lines = list(_lines(pieces, broken, width))
        candidates = [
            candidate
            for line in lines
            if len(line.code) > width >= _ROOM
            for candidate in line.groups
            if candidate.can_break
        ]
        if not candidates:
            return [line.text for line in lines]
        broken.append(max(candidates, key=lambda one: len(one.flat)))


def _lines(pieces: Pieces, broken: list[Group], width: int) -> Iterator[_Line]:
    line = _Line()
    for piece in pieces:
        first, last = _ends(piece)
        if first.above and line.code:
            yield line
            line = _Line()
        yield from (_Line(comment=comment.text) for comment in first.above)
        blank = _blank(piece) if line.code else ""
        if isinstance(piece, Group) and piece in broken:
            line.code += blank + first.text
            line.comment = first.comment
            yield line
            for text in _inside(piece, width - len(INDENT)):
                yield _Line(INDENT + text)
            line = _Line(last.text)
        else:
            line.code += blank + _text(piece)
            line.groups += [piece] if isinstance(piece, Group) else []
        if last.comment is not None:
            line.comment = last.comment
            yield line
            line = _Line()
    if line.code:
        yield line


def _inside(group: Group, width: int) -> Iterator[str]:
    for part in group.parts:
        is_alone = len(group.parts) == 1
        yield from _split(part, width) if is_alone else _fit(part, width)
    yield from (comment.text for comment in group.closer.above)


def _fit(pieces: Pieces, width: int) -> list[str]:
    """Pieces on a line, or broken before their loosest operators."""
    is_short = len(flat(pieces)) <= width and not has_comments(pieces)
    return [flat(pieces)] if is_short else _split(pieces, width)


def _split(pieces: Pieces, width: int) -> list[str]:
    starts = [
        position
        for position, piece in enumerate(pieces)
        if position and isinstance(piece, Word) and piece.is_operator
    ]
    kinds = {_kind(pieces[position]) for position in starts}
    for level in _LEVELS:
        if level & kinds:
            cuts = [position for position in starts if _kind(pieces[position]) in level]
            return [
                line
                for start, end in zip([0, *cuts], [*cuts, len(pieces)], strict=True)
                for line in _fit(pieces[start:end], width)
            ]
    return _break(pieces, width)
