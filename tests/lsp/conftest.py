"""A language server as an editor starts it, and what an editor does with it."""

from __future__ import annotations

import asyncio
import sys

import pytest
import pytest_lsp
from attrs import define, field
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from gml.lsp.positions import to_offset, to_position
from gml.source import Source

CURSOR = "\N{BROKEN BAR}"
_COMMAND = [sys.executable, "-m", "gml", "lsp", "--stdio"]


@pytest_lsp.fixture(config=ClientServerConfig(server_command=_COMMAND), scope="module")
async def client(lsp_client: LanguageClient):
    capabilities = client_capabilities("visual-studio-code")
    # an editor that would rather not count in UTF-16 has to be told what is counted
    encodings = [lsp.PositionEncodingKind.Utf8, lsp.PositionEncodingKind.Utf16]
    capabilities.general.position_encodings = encodings
    capabilities.workspace.inlay_hint = lsp.InlayHintWorkspaceClientCapabilities(True)
    lsp_client.refreshed = asyncio.Queue()
    for method in (
        lsp.WORKSPACE_SEMANTIC_TOKENS_REFRESH,
        lsp.WORKSPACE_INLAY_HINT_REFRESH,
    ):
        lsp_client.feature(method)(
            lambda _, method=method: lsp_client.refreshed.put_nowait(method)
        )
    lsp_client.published = asyncio.Queue()
    # pytest-lsp keeps the last ones alone, and waiting for one can miss another
    lsp_client.protocol.fm.features[lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = (
        lsp_client.published.put_nowait
    )
    result = await lsp_client.initialize_session(
        lsp.InitializeParams(capabilities=capabilities)
    )
    lsp_client.offered = result.capabilities
    yield
    await lsp_client.shutdown_session()


@define
class Editor:
    """One file in an editor; a broken bar in a text is the cursor."""

    client: LanguageClient
    uri: str
    text: str = ""
    version: int = 0
    cursor: lsp.Position = field(factory=lambda: lsp.Position(0, 0))

    @property
    def source(self) -> Source:
        return Source("m.gml", self.text)

    @property
    def document(self) -> lsp.TextDocumentIdentifier:
        return lsp.TextDocumentIdentifier(self.uri)

    @property
    def here(self) -> dict[str, object]:
        return {"text_document": self.document, "position": self.cursor}

    @property
    def whole(self) -> lsp.Range:
        return lsp.Range(lsp.Position(0, 0), to_position(self.source, len(self.text)))

    def _put(self, marked: str) -> None:
        before, bar, after = marked.partition(CURSOR)
        self.text = before + after
        if bar:
            self.cursor = to_position(self.source, len(before))

    async def open(self, marked: str) -> list[lsp.Diagnostic]:
        self._put(marked)
        self.version += 1
        item = lsp.TextDocumentItem(self.uri, "gml-ppl", self.version, self.text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return await self.diagnostics()

    async def type(self, marked: str) -> list[lsp.Diagnostic]:
        """Another text; what is wrong with it comes when the typing pauses."""
        self.send(marked)
        return await self.diagnostics()

    def send(self, marked: str) -> None:
        """Replace the text by one edit of what differs, as an editor does."""
        before = self.source
        self._put(marked)
        start = 0
        while before.text[start : start + 1] == self.text[start : start + 1] != "":
            start += 1
        end, tail = len(before.text), len(self.text)
        while (
            end > start and tail > start and before.text[end - 1] == self.text[tail - 1]
        ):
            end, tail = end - 1, tail - 1
        place = lsp.Range(to_position(before, start), to_position(before, end))
        change = lsp.TextDocumentContentChangePartial(place, self.text[start:tail])
        self.version += 1
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(self.version, self.uri), [change]
            )
        )

    async def diagnostics(self) -> list[lsp.Diagnostic]:
        """Those of the present version, when they come."""
        while True:
            shown = await asyncio.wait_for(self.client.published.get(), 60)
            if (shown.uri, shown.version) == (self.uri, self.version):
                return list(shown.diagnostics)

    async def reopen(self, text: str) -> list[lsp.Diagnostic]:
        """The same as `type` without the pause that a check of typed text waits for."""
        await self.close()
        return await self.open(text)

    async def close(self) -> None:
        self.client.text_document_did_close(
            lsp.DidCloseTextDocumentParams(self.document)
        )

    def texts(self, ranges) -> list[str]:
        source = self.source
        return [
            self.text[to_offset(source, one.start) : to_offset(source, one.end)]
            for one in ranges
        ]

    def applied(self, edits) -> str:
        """The text after edits, which all speak of the text before."""
        source, text = self.source, self.text
        for edit in sorted(edits, key=lambda one: one.range.start, reverse=True):
            start = to_offset(source, edit.range.start)
            end = to_offset(source, edit.range.end)
            text = text[:start] + edit.new_text + text[end:]
        return text


@pytest.fixture
def editor(client, request):
    name = "".join(char if char.isalnum() else "_" for char in request.node.name)
    return Editor(client, f"file:///models/{name}.gml")
