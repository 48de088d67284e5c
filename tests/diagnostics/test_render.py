import json
import re

from gml.diagnostics import columns
from gml.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from gml.diagnostics.render import render_json, render_text
from gml.source import Source, Span

SCHOOLS = Source(
    "schools.gml",
    "dim school\n\ndim visit\ndata sigma: real[visit]\n\n\n\n\n\n\n"
    "y ~ normal(theta, sigma)\n",
)


def find(source, text, after=0):
    start = source.text.index(text, after)
    return Span(source, start, start + len(text))


def lines(diagnostic):
    return render_text(diagnostic).split("\n")


def test_primary_and_secondary_label_with_notes_and_help():
    use = find(SCHOOLS, "sigma", SCHOOLS.text.index("theta"))
    diagnostic = Diagnostic(
        "GML0401",
        "dims of `sigma` do not fit the site `y`",
        Label(use, "adds dim `visit`"),
        (Label(find(SCHOOLS, "[visit]"), "declared over [visit]"),),
        ("a note\nof two lines",),
        "reduce it",
    )
    assert lines(diagnostic) == [
        "error[GML0401]: dims of `sigma` do not fit the site `y`",
        "  --> schools.gml:11:19",
        "   |",
        " 4 | data sigma: real[visit]",
        "   |                 ------- declared over [visit]",
        "11 | y ~ normal(theta, sigma)",
        "   |                   ^^^^^ adds dim `visit`",
        "   = note: a note",
        "           of two lines",
        "   = help: reduce it",
    ]


def test_labels_of_one_line_have_a_row_each_from_left_to_right():
    diagnostic = Diagnostic(
        "GML0401",
        "message",
        Label(find(SCHOOLS, "y ~"), "here"),
        (Label(find(SCHOOLS, "theta"), "and there"),),
    )
    assert lines(diagnostic)[3:] == [
        "11 | y ~ normal(theta, sigma)",
        "   | ^^^ here",
        "   |            ----- and there",
    ]


def test_label_in_another_source_has_its_own_snippet():
    library = Source("normal.gml", "dist normal(sigma: real<lower=0>) on real {\n")
    diagnostic = Diagnostic(
        "GML0501",
        "message",
        Label(find(SCHOOLS, "theta"), "may be negative"),
        (Label(find(library, "real<lower=0>"), "needs this"),),
    )
    assert lines(diagnostic)[5:] == [
        "  ::: normal.gml:1:20",
        "   |",
        " 1 | dist normal(sigma: real<lower=0>) on real {",
        "   |                    ------------- needs this",
    ]


def test_span_of_several_lines_is_marked_at_both_ends():
    source = Source("m.gml", "k = (a +\n  b +\n  c) * d\n")
    diagnostic = Diagnostic("GML0302", "m", Label(Span(source, 4, 19), "this"))
    assert source.text[4:19] == "(a +\n  b +\n  c)"
    assert lines(diagnostic)[3:] == [
        "1 | k = (a +",
        "  |     ^^^^",
        "2 |   b +",
        "3 |   c) * d",
        "  |   ^^ this",
    ]


def test_middle_of_a_long_span_is_left_out():
    source = Source("m.gml", "(\n" + "a +\n" * 20 + "b)\n")
    span = Span(source, 0, len(source.text))  # ends with the newline itself
    assert lines(Diagnostic("GML0302", "m", Label(span)))[3:] == [
        " 1 | (",
        "   | ^",
        "   | ...",
        "22 | b)",
        "   | ^^",
    ]


def test_tabs_wide_characters_and_accents_keep_the_carets_in_place():
    source = Source("m.gml", "\tcafe\u0301 日本 = x\n")
    shown = lines(Diagnostic("GML0201", "m", Label(find(source, "x"), "here")))
    assert shown[1] == " --> m.gml:1:13"
    assert shown[3:] == ["1 |     cafe\u0301 日本 = x", "  |                 ^ here"]
    wide = lines(Diagnostic("GML0201", "m", Label(find(source, "日"))))
    assert wide[4] == "  |          ^^"


def test_source_cannot_steer_the_terminal():
    source = Source("m.gml", "a\x1b[31m\u202e = b\r\n")
    shown = render_text(Diagnostic("GML0104", "m", Label(find(source, "b"), "here")))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\r" not in shown
    assert shown.endswith("1 | a\ufffd[31m\ufffd = b\n  |           ^ here")


def test_empty_span_and_end_of_file_get_one_caret():
    end = len(SCHOOLS.text)
    shown = lines(Diagnostic("GML0105", "m", Label(Span(SCHOOLS, end, end), "here")))
    assert shown[1:] == ["  --> schools.gml:12:1", "   |", "12 |", "   | ^ here"]
    empty = Source("empty.gml", "")
    assert lines(Diagnostic("GML0113", "m", Label(Span(empty, 0, 0))))[3:] == [
        "1 |",
        "  | ^",
    ]


def test_diagnostic_without_a_place():
    diagnostic = Diagnostic(
        "GML0607", "`x` is not in the model", help="h", severity=Severity.WARNING
    )
    assert lines(diagnostic) == [
        "warning[GML0607]: `x` is not in the model",
        "  = help: h",
    ]


def test_color_adds_escapes_and_nothing_else():
    label = Label(find(SCHOOLS, "theta"), "here")
    diagnostic = Diagnostic("GML0201", "m", label, notes=("n",), help="h")
    colored = render_text(diagnostic, color=True)
    assert "\x1b[1;31merror[GML0201]\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render_text(diagnostic)


def test_fixes_are_the_help_where_there_is_none_other():
    fixes = Fix("do this", ()), Fix("do that", ())
    shown = render_text(Diagnostic("GML0201", "m", fixes=fixes))
    assert shown.splitlines()[-1].strip() == "= help: do this or do that"
    shown = render_text(Diagnostic("GML0201", "m", help="h", fixes=fixes))
    assert shown.splitlines()[-1].strip() == "= help: h"


def test_json_has_every_part_and_survives_a_round_trip():
    label = Label(find(SCHOOLS, "theta"), "here")
    fix = Fix("t", (Edit(label.span, "here"),))
    mistake = Diagnostic("GML0201", "m", label, (label,), ("n",), "h", fixes=(fix,))
    rendered = render_json(mistake)
    place = {
        "file": "schools.gml",
        "start": {"line": 11, "column": 12, "offset": label.span.start},
        "end": {"line": 11, "column": 17, "offset": label.span.end},
        "text": "here",
    }
    assert json.loads(json.dumps(rendered)) == {
        "code": "GML0201",
        "severity": "error",
        "message": "m",
        "label": place,
        "secondary": [place],
        "notes": ["n"],
        "help": "h",
        "fixes": [{"title": "t", "edits": [place]}],
    }
    assert render_json(Diagnostic("GML0801", "m"))["label"] is None


def test_a_line_with_many_mistakes_is_laid_out_once():
    """Else the time for a long line grows with its length times its mistakes."""
    source = Source("long.gml", "\u00e9 \t" * 50 + "x")
    columns._laid_out.cache_clear()
    for start in range(40):
        render_text(Diagnostic("GML0100", "no", Label(Span(source, start, start + 1))))
    assert columns._laid_out.cache_info().misses == 1
