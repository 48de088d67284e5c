import pytest


def docs(items):
    return [item.doc for item in items]


def test_a_block_documents_the_item_below(model_of):
    model = model_of("x = 1\n\n## one\n##  two  \n##\n## three\ny = 2\nz = 3\n")
    assert docs(model.items) == [None, "one\ntwo\n\nthree", None]


def test_a_blank_line_or_a_plain_comment_between_detaches(model_of):
    assert (
        docs(model_of("x = 1\n## lost\n\ny = 2\n## lost\n# plain\nz = 3").items)
        == [None] * 3
    )


@pytest.mark.parametrize(
    ("text", "model_doc", "item_doc"),
    [
        ("## t\n\ny = 1", "t", None),
        ("\n# licence\n\n## t\n## u\n\ny = 1", "t\nu", None),
        ("## t\n\n## of y\ny = 1", "t", "of y"),
        ("## of y\ny = 1", None, "of y"),
        ("\ufeff## t\n\ny = 1", "t", None),
        ("y = 1\n## lost\n\n", None, None),
        ("### t ###\n\ny = 1", None, None),
    ],
)
def test_the_block_at_the_top(model_of, text, model_doc, item_doc):
    model = model_of(text)
    assert (model.doc, model.items[0].doc) == (model_doc, item_doc)


def test_the_title_may_stand_directly_above_the_first_dim(model_of):
    model = model_of("## t\ndim N\n## rows\ndim M, K\n")
    assert model.doc == "t"
    assert [docs(d.items) for d in model.items] == [[None], ["rows", None]]
    assert model_of("## t\n\n## rows\ndim N").items[0].items[0].doc == "rows"


@pytest.mark.parametrize(
    "text",
    [
        "data y: real",
        "const c = 1",
        "y ~ d()",
        "y = 1",
        "param y ~ d()",
        "fn f(x) = x",
        "dist d(x) on real {\n}",
    ],
)
def test_what_can_be_documented(model_of, text):
    assert docs(model_of(f"x = 1\n## why\n{text}").items) == [None, "why"]


@pytest.mark.parametrize(
    "text",
    ["## why\n@a\n@b\ny = 1", "@a\n## why\n@b\n## why\ny = 1", "@a\n## why\ny = 1"],
)
def test_above_a_decorator_and_below_it(model_of, text):
    assert docs(model_of(f"x = 1\n{text}").items) == [None, "why"]


def test_inside_blocks(model_of):
    loop = model_of("for t in T {\n  ## why\n  y[t] = 1\n}").items[0]
    assert docs(loop.body) == ["why"]


def test_only_the_first_item_of_a_line_has_the_comment_above_it(model_of):
    loop, function = model_of(
        "## lost\nfor t in T { y[t] = 1 }\n## f\nfn f(x) { y = x\nreturn y }"
    ).items
    assert docs([*loop.body, function, *function.locals]) == [None, "f", None]
    text = (
        "x = 1\n@a(\n## lost\n) y = 1\n@a\n## why\nlocal z = 1\n## why\nparam w ~ d()"
    )
    assert docs(model_of(text).items) == [None, None, "why", "why"]


def test_hashes_inside_texts_are_no_comments(model_of):
    assert model_of('x = f("## a", 1)\ny = 2').items[1].doc is None
