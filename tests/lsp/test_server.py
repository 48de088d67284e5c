"""Every feature over the wire, as an editor asks for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from gml.lsp.semantic_tokens import LEGEND
from gml.lsp.server import ANSWERS

pytestmark = pytest.mark.asyncio(loop_scope="module")

MODEL = """\
## Eight schools.
dim school
data y: real[school]
## Standard errors.
data se: real<lower=0>[school]
mu ~ normal(0, 5)
tau ~ half_cauchy(5)
@noncentered
theta[school] ~ normal(mu, tau)
y ~ normal(theta, se)
best = max(theta over school)
"""


async def test_what_is_offered(client):
    offered = client.offered
    assert offered.position_encoding == lsp.PositionEncodingKind.Utf16
    assert offered.completion_provider.resolve_provider
    assert offered.rename_provider.prepare_provider
    assert [*offered.code_action_provider.code_action_kinds] == ["quickfix"]
    legend = offered.semantic_tokens_provider.legend
    assert [*legend.token_modifiers] == LEGEND.token_modifiers
    assert [*legend.token_types] == LEGEND.token_types
    for name in (
        "hover", "definition", "references", "document_highlight", "document_symbol",
        "signature_help", "document_formatting", "inlay_hint",
    ):  # fmt: skip
        assert getattr(offered, f"{name}_provider")
    assert len(ANSWERS) == 12


async def test_diagnostics_as_you_type(editor):
    assert await editor.open(MODEL) == []
    (one,) = await editor.type(MODEL.replace("normal(mu, tau)", "norml(mu, tau)"))
    assert (one.code, one.severity) == ("GML0203", lsp.DiagnosticSeverity.Error)
    assert editor.texts([one.range]) == ["norml"]
    assert "did you mean `normal`?" in one.message
    assert await editor.type(MODEL) == []
    broken = await editor.type(MODEL + "z = (1 +\n")
    assert {one.code[:5] for one in broken} == {"GML01"}
    await editor.close()
    shown = await asyncio.wait_for(editor.client.published.get(), 60)
    assert (shown.uri, list(shown.diagnostics)) == (editor.uri, [])


async def test_only_the_last_of_many_changes_is_checked(editor):
    await editor.open(MODEL)
    for number in range(5):
        editor.send(MODEL + f"z = muu{number}\n")
    (one,) = await editor.diagnostics()
    assert "muu4" in one.message
    assert editor.client.published.empty()


async def test_diagnostics_name_the_places_that_explain_them(editor):
    (one,) = await editor.open("mu ~ normal(0, 1)\nmu ~ normal(0, 2)\n")
    (other,) = one.related_information
    assert other.location.uri == editor.uri
    assert other.location.range.start.line == 0


async def test_hover(editor):
    await editor.open(MODEL.replace("se)", "s¦e)"))
    params = lsp.HoverParams(**editor.here)
    found = await editor.client.text_document_hover_async(params)
    assert "data se: real<lower=0>[school]" in found.contents.value
    assert "Standard errors." in found.contents.value
    assert editor.texts([found.range]) == ["se"]


async def test_completion_and_what_it_says_of_an_item(editor):
    await editor.open(MODEL + "z ~ nor¦")
    params = lsp.CompletionParams(**editor.here)
    items = await editor.client.text_document_completion_async(params)
    (normal,) = [item for item in items if item.label == "normal"]
    assert normal.insert_text is None
    resolved = await editor.client.completion_item_resolve_async(normal)
    assert resolved.insert_text == "normal(${1:mu}, ${2:sigma})"
    assert resolved.detail.startswith("normal(mu: real, sigma")


async def test_definition_in_the_standard_library(editor):
    await editor.open(MODEL.replace("half_cau", "half_¦cau"))
    params = lsp.DefinitionParams(**editor.here)
    (place,) = await editor.client.text_document_definition_async(params)
    path = Path(place.uri.removeprefix("file://"))
    line = path.read_text("utf-8").splitlines()[place.range.start.line]
    assert path.name == "half_cauchy.gml"
    assert line.startswith("dist half_cauchy(")


async def test_a_file_of_the_library_can_be_opened(editor):
    """What a definition leads to is no model, and none of it is marked as wrong."""
    path = Path(__file__).parents[2] / "stdlib" / "dist" / "half_cauchy.gml"
    assert await editor.open(path.read_text("utf-8")) == []


async def test_references_and_highlights(editor):
    await editor.open(MODEL.replace("\ntheta", "\nthe¦ta"))
    found = await editor.client.text_document_references_async(
        lsp.ReferenceParams(lsp.ReferenceContext(True), **editor.here)
    )
    assert [one.range.start.line for one in found] == [8, 9, 10]
    assert {one.uri for one in found} == {editor.uri}
    marked = await editor.client.text_document_document_highlight_async(
        lsp.DocumentHighlightParams(**editor.here)
    )
    assert editor.texts([one.range for one in marked]) == ["theta"] * 3
    assert marked[0].kind is lsp.DocumentHighlightKind.Write


async def test_rename(editor):
    await editor.open(MODEL.replace("\ntheta", "\nthe¦ta"))
    place = await editor.client.text_document_prepare_rename_async(
        lsp.PrepareRenameParams(**editor.here)
    )
    assert editor.texts([place]) == ["theta"]
    edit = await editor.client.text_document_rename_async(
        lsp.RenameParams(new_name="effect", **editor.here)
    )
    renamed = editor.applied(edit.changes[editor.uri])
    assert renamed == MODEL.replace("theta", "effect")
    assert await editor.type(renamed) == []


async def test_a_name_that_is_taken_is_refused_in_words(editor):
    await editor.open(MODEL.replace("\ntheta", "\nthe¦ta"))
    params = lsp.RenameParams(new_name="tau", **editor.here)
    with pytest.raises(JsonRpcException, match="stands for something else") as caught:
        await editor.client.text_document_rename_async(params)
    assert caught.value.code == lsp.LSPErrorCodes.RequestFailed.value
    assert caught.value.data is None


async def test_document_symbols(editor):
    await editor.open(MODEL + "for i in 0..3 {\n  w[i] = i\n}\n")
    params = lsp.DocumentSymbolParams(editor.document)
    found = await editor.client.text_document_document_symbol_async(params)
    assert [one.name for one in found] == [
        "school", "y", "se", "mu", "tau", "theta", "y", "best", "for i in 0..3",
    ]  # fmt: skip
    assert found[5].detail == "latent real[school]"
    assert [one.name for one in found[-1].children] == ["w"]


async def test_signature_help(editor):
    await editor.open(MODEL + "z ~ normal(mu, ¦")
    params = lsp.SignatureHelpParams(**editor.here)
    found = await editor.client.text_document_signature_help_async(params)
    assert found.signatures[0].label.startswith("normal(mu: real, sigma: real")
    assert found.active_parameter == 1


async def test_formatting(editor):
    crooked = MODEL.replace(" ~ ", "~").replace("real[school]", "real [school ]")
    await editor.open(crooked)
    options = lsp.FormattingOptions(tab_size=2, insert_spaces=True)
    params = lsp.DocumentFormattingParams(editor.document, options)
    edits = await editor.client.text_document_formatting_async(params)
    assert editor.applied(edits) == MODEL
    await editor.type(MODEL)
    assert not await editor.client.text_document_formatting_async(params)
    await editor.type(MODEL + "z = (\n")
    assert not await editor.client.text_document_formatting_async(params)


async def test_semantic_tokens(editor):
    await editor.open(MODEL)
    params = lsp.SemanticTokensParams(editor.document)
    found = await editor.client.text_document_semantic_tokens_full_async(params)
    roles, line, column = {}, 0, 0
    for delta, shift, length, _, bits in zip(*[iter(found.data)] * 5, strict=True):
        line, column = line + delta, shift + (0 if delta else column)
        word = MODEL.splitlines()[line][column : column + length]
        roles.setdefault(word, set()).update(
            name for i, name in enumerate(LEGEND.token_modifiers) if bits >> i & 1
        )
    assert "latent" in roles["theta"]
    assert "observed" in roles["y"]
    assert "generated" in roles["best"]
    assert "data" in roles["se"]


async def test_inlay_hints(editor):
    await editor.open(MODEL)
    params = lsp.InlayHintParams(editor.document, editor.whole)
    found = await editor.client.text_document_inlay_hint_async(params)
    hints = {(one.position.line, one.label) for one in found}
    assert {(8, ": real[school]"), (8, "latent"), (10, "generated")} <= hints


async def test_what_depends_on_facts_is_asked_for_again(editor):
    await editor.open(MODEL)
    while not editor.client.refreshed.empty():
        editor.client.refreshed.get_nowait()
    await editor.type(MODEL.replace("y ~ normal(theta, se)\n", ""))
    asked = {await asyncio.wait_for(editor.client.refreshed.get(), 60) for _ in "ab"}
    assert asked == {
        lsp.WORKSPACE_SEMANTIC_TOKENS_REFRESH, lsp.WORKSPACE_INLAY_HINT_REFRESH,
    }  # fmt: skip


async def test_code_actions_wait_for_the_check_of_what_was_typed(editor):
    await editor.open(MODEL)
    editor.send(MODEL + "z = bset\n")
    params = lsp.CodeActionParams(
        editor.document, lsp.Range(lsp.Position(11, 4), lsp.Position(11, 4)),
        lsp.CodeActionContext([]),
    )  # fmt: skip
    (action,) = await editor.client.text_document_code_action_async(params)
    assert action.title == "Replace `bset` by `best`"
    assert action.kind == lsp.CodeActionKind.QuickFix
    assert action.diagnostics[0].code == "GML0201"
    assert editor.applied(action.edit.changes[editor.uri]) == MODEL + "z = best\n"


async def test_places_beyond_ascii(editor):
    await editor.open("# \N{GRINNING FACE} \N{GREEK SMALL LETTER SIGMA}\n" + MODEL)
    (one,) = await editor.type(
        "# \N{GRINNING FACE} \N{GREEK SMALL LETTER SIGMA}\n" + MODEL + "z = muu\n"
    )
    assert editor.texts([one.range]) == ["muu"]


async def test_a_document_that_is_not_open_has_no_answer(editor):
    assert (
        await editor.client.text_document_hover_async(lsp.HoverParams(**editor.here))
        is None
    )


async def test_the_server_is_alive_after_odd_texts(editor):
    await editor.open("")
    for text in ("\N{REPLACEMENT CHARACTER}", "{{{", "x = " + "(" * 500, "\0", "##"):
        await editor.type(text)
        params = lsp.CompletionParams(editor.document, lsp.Position(0, 1))
        await editor.client.text_document_completion_async(params)
        for answer in (
            editor.client.text_document_semantic_tokens_full_async(
                lsp.SemanticTokensParams(editor.document)
            ),
            editor.client.text_document_document_symbol_async(
                lsp.DocumentSymbolParams(editor.document)
            ),
        ):
            await answer
    assert await editor.type(MODEL) == []
