import pytest

from gml.syntax import ast
from gml.syntax.ast import Role


def names(identifiers):
    return [identifier.name for identifier in identifiers]


def test_dims(item_of, shape):
    items = item_of("dim N, K = 3, to = K, visit(patient)\n").items
    assert names(i.name for i in items) == ["N", "K", "to", "visit"]
    assert [shape(i.size) for i in items] == ["", "3", "K", ""]
    assert [i.parent.name if i.parent else None for i in items] == [
        None,
        None,
        None,
        "patient",
    ]


def test_data_with_every_part_of_a_type(item_of, shape):
    data = item_of("data z: index(county)<base=1, upper=2 * a>?[N, P]")
    assert data.name.name == "z"
    assert data.type.name.name == "index"
    assert names(data.type.arguments) == ["county"]
    assert names(bound.name for bound in data.type.bounds) == ["base", "upper"]
    assert [shape(bound.value) for bound in data.type.bounds] == ["1", "(* 2 a)"]
    assert data.type.has_missing
    assert names(data.type.dims) == ["N", "P"]


def test_plain_types(item_of):
    type_ = item_of("data y: real").type
    assert type_ == ast.Type(ast.Identifier("real", span=None), span=None)
    assert item_of("data y: real?[N]").type.has_missing


def test_bounds_may_depend_on_other_names(item_of, shape):
    target = item_of("beta: real<lower=0, upper=1 - alpha> ~ flat()").target
    assert [shape(bound.value) for bound in target.type.bounds] == ["0", "(- 1 alpha)"]


def test_const(item_of, shape):
    const = item_of("const tau: real = 2 * pi")
    assert const.type.name.name == "real"
    assert shape(const.value) == "(* 2 pi)"
    assert item_of("const n = 3").type is None


def test_sample_and_define(item_of, shape):
    sample = item_of("y ~ normal(mu, 1)")
    assert isinstance(sample, ast.Sample)
    assert (sample.target.name.name, shape(sample.distribution)) == (
        "y",
        "normal(mu, 1)",
    )
    define = item_of("y = mu")
    assert isinstance(define, ast.Define)
    assert (define.target.name.name, shape(define.value)) == ("y", "mu")


@pytest.mark.parametrize("role", list(Role))
def test_roles(item_of, role):
    assert item_of(f"{role.value} x ~ flat()").role is role
    assert item_of(f"{role.value} x = 1").role is role
    assert item_of("x = 1").role is None


def test_binders(item_of, shape):
    binders = item_of("x[K, n: N, t: 1..T - 1, 0] = 1").target.binders
    assert [shape(binder) for binder in binders] == [
        "K",
        "n: N",
        "t: 1..(- T 1)",
        "0",
    ]
    assert isinstance(binders[3].domain, ast.Integer)


def test_target_with_binders_and_type(item_of):
    target = item_of("mu[J]: ordered[K] ~ normal(0, 5)").target
    assert names(target.type.dims) == ["K"]
    assert target.type.name.name == "ordered"
    assert len(target.binders) == 1


@pytest.mark.parametrize("between", ["\n", " ", "\n\n# why\n"])
def test_decorators(item_of, shape, between):
    sample = item_of(f"@noncentered{between}@marginalize(a, b=2){between}x ~ d()")
    assert names(d.name for d in sample.decorators) == ["noncentered", "marginalize"]
    assert [shape(a) for a in sample.decorators[1].arguments] == ["a", "b=2"]


def test_factor(item_of, shape):
    assert shape(item_of("factor -x^2 / 2").value) == "(/ (- (^ x 2)) 2)"


@pytest.mark.parametrize(
    "body",
    ["{ x[t] = 1 }", "{\n  x[t] = 1\n}", "{\n\n  # why\n  x[t] = 1\n\n}", "{x[t]=1\n}"],
)
def test_for(item_of, shape, body):
    loop = item_of(f"for t in 1..T {body}\n")
    assert loop.variable.name == "t"
    assert shape(loop.domain) == "1..T"
    assert [shape(define.value) for define in loop.body] == ["1"]


def test_nested_for_over_a_dim(item_of):
    loop = item_of("for n in N {\n  for k in K { }\n  y[n] ~ d()\n}")
    inner, sample = loop.body
    assert loop.domain == ast.Name("N", span=None)
    assert inner.body == ()
    assert isinstance(sample, ast.Sample)


def test_function_with_expression_body(item_of, shape):
    function = item_of("fn f(x: real[N], k = 2) -> real[N] = x * k")
    assert names(p.name for p in function.parameters) == ["x", "k"]
    assert shape(function.parameters[1].default) == "2"
    assert names(function.returns.dims) == ["N"]
    assert shape(function.result) == "(* x k)"
    assert function.locals == ()


@pytest.mark.parametrize(
    "body", ["{\n a = x\n b[N]: real = a\n return b\n}", "{ return b }"]
)
def test_function_with_block_body(item_of, shape, body):
    function = item_of(f"fn f(x) {body}")
    assert function.returns is None
    assert shape(function.result) == "b"
    assert len(function.locals) == body.count("\n a") * 2


def test_distribution(item_of, shape):
    text = """dist gamma(alpha: real<lower=0>, beta: real = 1) on real<lower=0> {
  # the density
  logpdf(x) = alpha * log(beta) - lgamma(alpha) + (alpha - 1) * log(x) - beta * x
  sample() {
    g = draw_gamma(alpha)
    return g / beta
  }
  mean = alpha / beta

  reparam scaled(z ~ gamma(alpha, 1)) = z / beta
  check gamma(1, 1).logpdf(0.0) ~= 0.0
}"""
    dist = item_of(text)
    assert dist.support.name.name == "real"
    assert names(member.name for member in dist.members) == ["logpdf", "sample", "mean"]
    logpdf, sample, mean = dist.members
    assert names(p.name for p in logpdf.parameters) == ["x"]
    assert [define.target.name.name for define in sample.locals] == ["g"]
    assert (shape(sample.result), shape(mean.result)) == (
        "(/ g beta)",
        "(/ alpha beta)",
    )
    (reparam,) = dist.reparams
    assert (reparam.name.name, reparam.variable.name) == ("scaled", "z")
    assert (shape(reparam.base), shape(reparam.result)) == (
        "gamma(alpha, 1)",
        "(/ z beta)",
    )
    (check,) = dist.checks
    assert (shape(check.left), shape(check.right)) == (
        "gamma(1, 1).logpdf(0.0)",
        "0.0",
    )


def test_items_keep_their_order(model_of):
    kinds = [type(i).__name__ for i in model_of("y ~ d()\ndim N\n\n\nx = 1").items]
    assert kinds == ["Sample", "DimDeclaration", "Define"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\n\n  \t\n"])
def test_line_endings_tabs_and_a_byte_order_mark(model_of, ending):
    text = "\ufeffdim\tN\n\ty ~ d(\n1,\n2)\nx = 1".replace("\n", ending)
    assert model_of(text) == model_of("dim N\ny ~ d(1, 2)\nx = 1\n")


def test_newlines_count_again_in_braces_inside_nothing_else(model_of):
    text = "for t in T {\n  a = f(\n    1\n  )\n  b = [\n1]\n}"
    assert len(model_of(text).items[0].body) == 2
