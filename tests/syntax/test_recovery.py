import pytest


def places(diagnostics):
    """Code, line and column of each diagnostic."""
    return [
        (d.code, *d.label.span.source.position(d.label.span.start)) for d in diagnostics
    ]


def test_independent_errors_are_all_reported_in_order(errors_of):
    text = "x = = 1\ny ~ normal(0, 1)\nz = )\ndata w real\nv = 2 ** 3\n"
    assert places(errors_of(text)) == [
        ("GML0101", 1, 5),
        ("GML0106", 3, 5),
        ("GML0101", 4, 8),
        ("GML0108", 5, 7),
    ]


def test_errors_in_blocks_leave_the_block_usable(errors_of):
    text = """for n in N {
  y[n] = 2 y
  for k in K { z[k] = + }
  for k in K { z[k] = 1 }
  w = = 1
}
v = = 1
dist d(x) on real {
  mean = = 1
  variance = 1
  check a == b
}
u = = 1
"""
    lines = [line for _, line, _ in places(errors_of(text))]
    assert lines == [2, 3, 5, 7, 9, 11, 13]


def test_an_error_in_the_return_line_is_not_also_a_missing_return(errors_of):
    (error,) = errors_of("fn f(x) {\n  a = 1\n  return a a\n}\ny = 1\n")
    assert places([error]) == [("GML0101", 3, 12)]


def test_a_block_given_up_at_its_head_is_skipped_whole(errors_of):
    text = "for n in 1:N {\n  y[n] ~ d(\n    1)\n  { a }\n}\nz = = 1"
    assert [line for _, line, _ in places(errors_of(text))] == [1, 6]


@pytest.mark.parametrize(
    ("text", "opener"),
    [
        ("y ~ normal(mu,\nz ~ normal(0, 1)\n", (1, 11)),
        ("y ~ normal(mu\nz = 1\nw = f(2)\n", (1, 11)),
        ("y = [1, 2\ndata z: real\n", (1, 5)),
        ("for t in T {\n  y[t] ~ d(\n}\nz = 1\n", (2, 11)),
        ("y ~ d((1, 2)\nz[n: N]: real ~ d()\n", (1, 6)),
        ("for t in T {\n  y[t] = 1\nz = 2\n", (1, 12)),
        ("dist d(x on real {\n  mean = 1\n}\n", (1, 7)),
    ],
)
def test_an_unclosed_bracket_is_reported_where_it_opens(errors_of, text, opener):
    assert places(errors_of(text)) == [("GML0102", *opener)]


def test_keyword_arguments_over_several_lines_are_no_items(errors_of):
    text = "y ~ f(\n  scale = 2,\n  loc = 1\n)\nz = = 1\n"
    assert [line for _, line, _ in places(errors_of(text))] == [5]


def test_the_rest_of_an_unfinished_line_is_not_reported_again(errors_of):
    assert len(errors_of("x = 1 +\n  2 + 3\ny = 1\n")) == 1
    assert len(errors_of("def f(x):\n    return x\n")) == 1


def test_a_repeated_habit_is_reported_once_with_its_lines(errors_of):
    (error,) = errors_of("x = 1;\ny = 2;\nz = 3;\n")
    assert error.notes == ("also on lines 2, 3",)


def test_a_repeated_accident_is_reported_each_time(errors_of):
    assert len(errors_of("x = )\ny = )\n")) == 2


def test_there_is_a_limit(errors_of):
    assert len(errors_of("x = = 1\n" * 100)) == 20


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("x ~", "expected an expression"),
        ("factor", "expected an expression"),
        ("dim", "expected a name"),
        ("dist d()", "expected `on`"),
        ("fn f(x) -> real", "expected `=` or `{`"),
        ("const = 1", "cannot be a name"),
        ("for n of N { }", "expected `in`"),
        ("3", "expected a declaration"),
        ("x = f(1 2", "no `)` for this"),
        ("x[n: ] = 1", "expected an expression"),
    ],
)
def test_what_was_expected_is_said_in_words(errors_of, text, label):
    (error,) = errors_of(text)
    assert error.label.text == label


def test_errors_found_while_building_come_together(errors_of):
    errors = errors_of("x = 1 < 2 < 3\ny = 1e999\nz = 9007199254740993\n")
    assert [code for code, _, _ in places(errors)] == ["GML0114", "GML0109", "GML0109"]
