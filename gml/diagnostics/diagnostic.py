"""A message to the user, as data."""

from __future__ import annotations

from enum import Enum
from typing import Any

from attrs import field, frozen

from gml.source import Span


class Severity(Enum):
    """How bad it is: an error stops the compiler, a warning does not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@frozen
class Label:
    """Words attached to a place in the source."""

    span: Span
    text: str = ""


@frozen
class Edit:
    """Another text for a place; the place may be empty, and so may the text."""

    span: Span
    text: str


@frozen
class Fix:
    """A way to mend a mistake that can be applied without thinking it over."""

    title: str
    """What is done, in the imperative: "replace `nu` by `mu`"."""
    edits: tuple[Edit, ...]


@frozen
class Diagnostic:
    """One mistake: what, where, why, and what to do about it.

    `label` is the primary place (absent for mistakes outside a model, such as a
    missing file); `secondary` are places that explain it. `fixes` are alternatives,
    the likeliest first; each by itself takes the mistake away.
    """

    code: str
    message: str
    label: Label | None = None
    secondary: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    help: str | None = None
    severity: Severity = Severity.ERROR
    fixes: tuple[Fix, ...] = ()


class GmlError(Exception):
    """What a user did wrong, as one or more diagnostics.

    `exit_code` is the command line's: 1 the model is wrong, 2 usage or a missing
    file, 3 the data do not fit, 4 sampling failed.
    """

    def __init__(self, *diagnostics: Diagnostic, exit_code: int = 1) -> None:
        self.diagnostics = tuple(diagnostics)
        self.exit_code = exit_code
        super().__init__("; ".join(d.message for d in diagnostics))
        for diagnostic in diagnostics:
            self._show(diagnostic)

    def _show(self, diagnostic: Diagnostic) -> None:
        """Have tracebacks show the line of the model, and what to do."""
        from gml.diagnostics.render import render_text  # which imports this module

        self.add_note(render_text(diagnostic))

    def __reduce__(self) -> tuple[Any, ...]:
        return _remake, (type(self), self.diagnostics, self.exit_code)


def _remake(
    kind: type[GmlError], diagnostics: tuple[Diagnostic, ...], exit_code: int
) -> GmlError:
    return kind(*diagnostics, exit_code=exit_code)


@frozen(eq=False)
class Report:
    """Collects the diagnostics of one compilation."""

    diagnostics: list[Diagnostic] = field(factory=list)

    def add(self, diagnostic: Diagnostic) -> None:
        if diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)

    @property
    def has_errors(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self.diagnostics)

    def raise_if_errors(self) -> None:
        """Raise GmlError with every error so far, sorted by position."""
        if self.has_errors:
            errors = [d for d in self.diagnostics if d.severity is Severity.ERROR]
            raise GmlError(*sorted(errors, key=_position))


def _position(diagnostic: Diagnostic) -> int:
    return diagnostic.label.span.start if diagnostic.label else -1
