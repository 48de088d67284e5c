"""Every fix of every wrong program here, applied through the server and compiled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from gml.check.model import check_model
from gml.diagnostics.diagnostic import GmlError, Report, Severity
from gml.driver import standard_library
from gml.source import Source
from gml.syntax import parse

BAD = Path(__file__).parent.parent / "programs" / "bad"
PROGRAMS = sorted(path for path in BAD.glob("*.gml") if "latin" not in path.stem)
# Programs with other mistakes, which no edit mends: what is left of each.
HOPELESS = {
    "GML0102_unclosed": {"GML0412"},
    "GML0104_characters": {"GML0104"},
    "GML0107_reserved_words": {"GML0107"},
    "GML0108_arrows_and_operators": {"GML0108"},
    "GML0108_loops": {"GML0108"},
    "GML0108_statements": {"GML0108"},
    "GML0108_type_before_name": {"GML0108"},
    "GML0109_numbers": {"GML0109"},
    "GML0116_nothing_defined": {"GML0116"},
    "GML0201_several": {"GML0401"},
    "GML0206_operand": {"GML0206"},
    "GML0305_loop_without_index": {"GML0401"},
    "GML0407_no_shared_dim": {"GML0401"},
    "GML0502_simplex_from_gamma": {"GML0302"},
}
_MOST = 30  # of all programs, the one with most mistakes has ten


def found_in(text):
    """What `gmlc check` finds, warnings included."""
    source, report = Source("m.gml", text), Report()
    try:
        check_model(parse(source), standard_library(), "m", report)
    except GmlError as error:
        return list(error.diagnostics)
    return list(report.diagnostics)


def errors(diagnostics):
    return [one for one in diagnostics if one.severity is Severity.ERROR]


FIXABLE = [
    path
    for path in PROGRAMS
    if any(one.fixes for one in found_in(path.read_text("utf-8")))
]


async def actions(editor):
    """The code actions for the whole text, in the order of the text."""
    params = lsp.CodeActionParams(
        editor.document, editor.whole, lsp.CodeActionContext([])
    )
    found = await editor.client.text_document_code_action_async(params)
    return sorted(found, key=lambda one: one.diagnostics[0].range.start)


def kinds(path):
    """What the fixes of a program do, whatever names they are about."""
    return {
        (one.code, re.sub(r"`[^`]*`", "``", fix.title))
        for one in found_in(path.read_text("utf-8"))
        for fix in one.fixes
    }


def mistake(diagnostic):
    return diagnostic.code, diagnostic.message


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", FIXABLE, ids=lambda path: path.stem)
async def test_each_fix_takes_its_mistake_away(editor, path):
    text = path.read_text("utf-8")
    before = [mistake(one) for one in await editor.open(text)]
    for action in await actions(editor):
        fixed = editor.applied(action.edit.changes[editor.uri])
        after = [mistake(one) for one in await editor.reopen(fixed)]
        own = mistake(action.diagnostics[0])
        assert after.count(own) < before.count(own), (action.title, fixed)
        await editor.reopen(text)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", FIXABLE, ids=lambda path: path.stem)
async def test_what_is_fixed_compiles(editor, path):
    """Alternative by alternative; then the first fix of whatever is left."""
    text = path.read_text("utf-8")
    await editor.open(text)
    for number in range(len(await actions(editor))):
        await editor.reopen(text)
        chosen = (await actions(editor))[number]
        for _ in range(_MOST):
            await editor.reopen(editor.applied(chosen.edit.changes[editor.uri]))
            left = await actions(editor)
            if not left:
                break
            chosen = left[0]
        remaining = found_in(editor.text)
        assert not any(one.fixes for one in remaining)
        hopeless = {one.code for one in errors(remaining)}
        assert hopeless == HOPELESS.get(path.stem, set()), editor.text


def test_every_kind_of_fix_is_seen_to_lead_to_a_model_that_compiles():
    whole = [kinds(path) for path in FIXABLE if path.stem not in HOPELESS]
    mixed = [kinds(path) for path in FIXABLE if path.stem in HOPELESS]
    assert set().union(*mixed) <= set().union(*whole)
