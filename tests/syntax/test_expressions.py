import pytest

from gml.syntax import ast

ATOMS = {
    "mu": "mu",
    "1": "1",
    "1.0": "1.0",
    "1e-3": "0.001",
    "2.5E+3": "2500.0",
    "007": "7",
    "true": "true",
    "false": "false",
    '"a # b"': '"a # b"',
    "[]": "[]",
    "[1, a,]": "[1, a]",
    "(a)": "a",
    "((a))": "a",
}

PRECEDENCE = {
    # from the loosest to the tightest binding
    "if a or b then c else d": "(if (or a b) c d)",
    "if a then b else if c then d else e": "(if a b (if c d e))",
    "a or b and c": "(or a (and b c))",
    "a and not b or c": "(or (and a (not b)) c)",
    "not not a": "(not (not a))",
    "not a == b": "(not (== a b))",
    "a < b and c >= d": "(and (< a b) (>= c d))",
    "a + b != c - d": "(!= (+ a b) (- c d))",
    "a <= b * c": "(<= a (* b c))",
    "a - b - c": "(- (- a b) c)",
    "a - (b - c)": "(- a (- b c))",
    "a + b * c": "(+ a (* b c))",
    "(a + b) * c": "(* (+ a b) c)",
    "a / b * c": "(* (/ a b) c)",
    "a * X @ b": "(@ (* a X) b)",
    "a + X @ b": "(+ a (@ X b))",
    "-a * b": "(* (- a) b)",
    "a * -b": "(* a (- b))",
    "a - -b": "(- a (- b))",
    "--a": "(- (- a))",
    # power: right associative, tighter than a minus on its left
    "-a^2": "(- (^ a 2))",
    "(-a)^2": "(^ (- a) 2)",
    "2^-1": "(^ 2 (- 1))",
    "2^3^2": "(^ 2 (^ 3 2))",
    "2^-3^2": "(^ 2 (- (^ 3 2)))",
    "a^2 * b": "(* (^ a 2) b)",
    "a[0]^2": "(^ a[0] 2)",
    "a.b^c.d": "(^ a.b c.d)",
}

POSTFIX = {
    "f()": "f()",
    "f(a, b + 1)": "f(a, (+ b 1))",
    "f(a, scale=2, b)": "f(a, scale=2, b)",
    "f(a,)": "f(a)",
    "normal(0, 1).logpdf(x)": "normal(0, 1).logpdf(x)",
    "a[i][j]": "a[i][j]",
    "a[i, t - 1]": "a[i, (- t 1)]",
    "a[1..T]": "a[1..T]",
    "a[..n + 1, 2.., ..]": "a[..(+ n 1), 2.., ..]",
    "a[where[n]]": "a[where[n]]",
    "f(x)[0].y": "f(x)[0].y",
    "sum(x over N)": "sum(x over N)",
    "sum(x * y over N, k: K)": "sum((* x y) over N, k: K)",
    "sum(f(k) over k: 1..K + 1)": "sum(f(k) over k: 1..(+ K 1))",
    "f(1, x over N)": "f(1, x over N)",
}


@pytest.mark.parametrize(("text", "expected"), (ATOMS | PRECEDENCE).items())
def test_atoms_and_operators(expression_of, shape, text, expected):
    assert shape(expression_of(text)) == expected


@pytest.mark.parametrize(("text", "expected"), POSTFIX.items())
def test_calls_and_indices(expression_of, shape, text, expected):
    assert shape(expression_of(text)) == expected


def test_integers_and_numbers_are_told_apart(expression_of):
    assert expression_of("1") == ast.Integer(1, span=None)
    assert expression_of("1.0") == ast.Number(1.0, span=None)
    assert expression_of("9007199254740992") == ast.Integer(2**53, span=None)


def test_layout_takes_no_part_in_equality(expression_of):
    spread = "(a   +\n\n  b[ 1 ,\n 2 ] # why\n )"
    assert expression_of(spread) == expression_of("a+b[1,2]")


@pytest.mark.parametrize("word", ["data_", "overs", "iff", "mean", "logpdf", "real"])
def test_names_that_look_like_words_of_the_language(expression_of, word):
    assert expression_of(word) == ast.Name(word, span=None)
