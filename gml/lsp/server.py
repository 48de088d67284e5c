"""The language server: each feature of the package under its name in the protocol."""

from __future__ import annotations

from collections.abc import Callable, Generator
from importlib.metadata import version
from typing import Any

from attrs import frozen
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from gml.lsp.code_actions import code_actions
from gml.lsp.completion import complete, resolve
from gml.lsp.definition import definition
from gml.lsp.diagnostics import diagnostics
from gml.lsp.document import Document
from gml.lsp.formatting import formatted
from gml.lsp.hover import hover
from gml.lsp.inlay_hints import inlay_hints
from gml.lsp.outline import outline
from gml.lsp.references import highlights, references
from gml.lsp.rename import RenameError, prepare_rename, rename
from gml.lsp.semantic_tokens import LEGEND, semantic_tokens
from gml.lsp.session import Session
from gml.lsp.signatures import signature_help


@frozen
class _Answer:
    """A request about one document."""

    method: str
    of: Callable[[Document, Any], object]
    options: object = None


def _renamed(document: Document, params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
    try:
        return rename(document, params.position, params.new_name)
    except RenameError as error:
        code = lsp.LSPErrorCodes.RequestFailed.value
        raise JsonRpcException(str(error), code) from None


ANSWERS = (
    _Answer(lsp.TEXT_DOCUMENT_HOVER, lambda d, p: hover(d, p.position)),
    _Answer(
        lsp.TEXT_DOCUMENT_COMPLETION,
        lambda d, p: complete(d, p.position),
        lsp.CompletionOptions([*"~@:.([ "], resolve_provider=True),
    ),
    _Answer(lsp.TEXT_DOCUMENT_DEFINITION, lambda d, p: definition(d, p.position)),
    _Answer(
        lsp.TEXT_DOCUMENT_REFERENCES,
        lambda d, p: references(d, p.position, p.context.include_declaration),
    ),
    _Answer(
        lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, lambda d, p: highlights(d, p.position)
    ),
    _Answer(
        lsp.TEXT_DOCUMENT_PREPARE_RENAME, lambda d, p: prepare_rename(d, p.position)
    ),
    _Answer(
        lsp.TEXT_DOCUMENT_RENAME,
        _renamed,
        lsp.RenameOptions(prepare_provider=True),
    ),
    _Answer(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, lambda d, _: outline(d)),
    _Answer(
        lsp.TEXT_DOCUMENT_SIGNATURE_HELP,
        lambda d, p: signature_help(d, p.position),
        lsp.SignatureHelpOptions([*"(,="]),
    ),
    _Answer(lsp.TEXT_DOCUMENT_FORMATTING, lambda d, _: formatted(d)),
    _Answer(
        lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, lambda d, _: semantic_tokens(d), LEGEND
    ),
    _Answer(lsp.TEXT_DOCUMENT_INLAY_HINT, lambda d, p: inlay_hints(d, p.range)),
)


def create_server() -> LanguageServer:
    """A server for one editor; `start_io()` serves standard input and output."""
    server = LanguageServer("gmlc", version("gmlc"), protocol_cls=_Protocol)
    session = Session(lambda document, is_new: _show(server, document, is_new))
    for answer in ANSWERS:
        server.feature(answer.method, answer.options)(_by_document(session, answer.of))
    _keep_documents(server, session)
    _wait_for_checks(server, session)
    return server


class _Protocol(LanguageServerProtocol):
    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(
        self, params: lsp.InitializeParams
    ) -> Generator[Any, Any, lsp.InitializeResult]:
        """Count in UTF-16, which every client has to offer: see positions.py."""
        if params.capabilities.general is not None:
            params.capabilities.general.position_encodings = None
        return (yield from super().lsp_initialize(params))


def _by_document(
    session: Session, answer: Callable[[Document, Any], object]
) -> Callable[[Any], object]:
    def respond(params: Any) -> object:
        document = session.documents.get(params.text_document.uri)
        return None if document is None else answer(document, params)

    return respond


def _keep_documents(server: LanguageServer, session: Session) -> None:
    def text_of(uri: str) -> str:
        return server.workspace.get_text_document(uri).source

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        given = params.text_document
        session.open(given.uri, given.text, given.version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        given = params.text_document
        session.change(given.uri, text_of(given.uri), given.version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        session.close(uri)
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))


def _wait_for_checks(server: LanguageServer, session: Session) -> None:
    """What is about mistakes, and so needs those of the text that is shown."""

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]),
    )
    async def fixes(params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
        document = await session.settled(params.text_document.uri)
        return None if document is None else code_actions(document, params.range)

    @server.feature(lsp.COMPLETION_ITEM_RESOLVE)
    def resolved(item: lsp.CompletionItem) -> lsp.CompletionItem:
        uri = item.data.get("uri") if isinstance(item.data, dict) else None
        document = session.documents.get(uri or "")
        return item if document is None else resolve(document, item)


def _show(server: LanguageServer, document: Document, is_new: bool) -> None:
    """Send the mistakes of a new analysis; have what depends on facts asked again."""
    analysis = document.analysis
    if analysis is None:
        return
    server.text_document_publish_diagnostics(
        lsp.PublishDiagnosticsParams(
            document.uri, diagnostics(document, analysis), document.version
        )
    )
    workspace = server.client_capabilities.workspace
    if not is_new or workspace is None:
        return
    asked = []
    if workspace.semantic_tokens and workspace.semantic_tokens.refresh_support:
        asked.append(server.workspace_semantic_tokens_refresh(None))
    if workspace.inlay_hint and workspace.inlay_hint.refresh_support:
        asked.append(server.workspace_inlay_hint_refresh(None))
    for request in asked:  # whether the editor does it is its own affair
        request.add_done_callback(lambda done: done.cancelled() or done.exception())
