"""The documents that are open, and the checks that run beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import unquote, urlparse

from attrs import define, field

from gml.check.library import Library
from gml.diagnostics.diagnostic import Diagnostic
from gml.lsp.document import Document, State
from gml.lsp.facts import Analysis, analyse
from gml.resources import stdlib_path

DELAY = 0.1  # seconds without a change before a check: less than a pause in typing


@define(eq=False)
class Session:
    """What one editor has open.

    A document is read in pieces when it changes, which takes a millisecond or two, and
    checked as a whole in another thread: answers do not wait for a check, and use what
    the last one has found.
    """

    on_checked: Callable[[Document, bool], None]
    """Called with each new analysis, and whether the facts of names have changed."""
    documents: dict[str, Document] = field(factory=dict)
    _checks: dict[str, asyncio.Task[None]] = field(factory=dict)
    # one at a time: a check that is behind is of no use
    _worker: ThreadPoolExecutor = field(factory=lambda: ThreadPoolExecutor(1))

    def open(self, uri: str, text: str, version: int | None) -> None:
        """Take up a document; it is checked at once."""
        document = Document.opened(uri, file_name(uri), text, version)
        self.documents[uri] = document
        self._accept(document, check_state(document.state))

    def change(self, uri: str, text: str, version: int | None) -> None:
        """Another text; it is checked when the typing pauses."""
        document = self.documents[uri]
        document.update(text, version)
        self._cancel(uri)
        self._checks[uri] = asyncio.ensure_future(self._check(document))

    def close(self, uri: str) -> None:
        self._cancel(uri)
        self.documents.pop(uri, None)

    async def settled(self, uri: str) -> Document | None:
        """A document when no check of it is due."""
        while (check := self._checks.get(uri)) is not None:
            await asyncio.wait([check])
            if self._checks.get(uri) is check:
                del self._checks[uri]
        return self.documents.get(uri)

    def _cancel(self, uri: str) -> None:
        check = self._checks.pop(uri, None)
        if check is not None:
            check.cancel()

    async def _check(self, document: Document) -> None:
        await asyncio.sleep(DELAY)
        loop = asyncio.get_running_loop()
        analysis = await loop.run_in_executor(self._worker, check_state, document.state)
        self._accept(document, analysis)

    def _accept(self, document: Document, analysis: Analysis) -> None:
        before = document.analysis
        document.analysis = analysis
        is_new = before is not None and before.facts != analysis.facts
        self.on_checked(document, is_new)


@cache
def _library() -> Library:
    return Library(stdlib_path())


def check_state(state: State) -> Analysis:
    items = tuple(item for _, item in state.items())
    name = state.source.name.removesuffix(".gml")
    try:
        return analyse(state.source, items, _library(), name)
    except Exception as error:  # an editor must outlive a bug of the checker
        return Analysis(state.source, (_bug(error),))


def _bug(error: Exception) -> Diagnostic:
    return Diagnostic(
        "GML0999",
        f"bug in the compiler: {type(error).__name__}: {error}",
        help="please report it, with this file",
    )


def file_name(uri: str) -> str:
    """The last part of the path of a URI."""
    return PurePosixPath(unquote(urlparse(uri).path)).name or uri
