import pytest

from gml.ir.build import apply, integer, real
from gml.ir.model import (
    DataVariable,
    Definition,
    DistCall,
    IndexSupport,
    Model,
    ModelDim,
    ModelFactor,
    ModelSite,
    RealSupport,
    Recurrence,
    Role,
)
from gml.ir.nodes import (
    Add,
    Array,
    Axis,
    Density,
    Dim,
    Let,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Scan,
    Site,
    Size,
    Storage,
    Term,
    TermKind,
    Var,
)
from gml.ir.printer import print_density, print_expr, print_model
from gml.source import Source, Span

A, B, C = Read("a"), Read("b"), Read("c")
N = Axis.over("n", "N")


def shifted(var, offset):
    return apply("subtract", Var(var), integer(offset))


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (apply("subtract", A, apply("subtract", B, C)), "a - (b - c)"),
        (apply("subtract", apply("subtract", A, B), C), "a - b - c"),
        (apply("multiply", apply("add", A, B), C), "(a + b) * c"),
        (apply("divide", A, apply("multiply", B, C)), "a / (b * c)"),
        (apply("negate", apply("multiply", A, B)), "-(a * b)"),
        (apply("negate", apply("power", A, B)), "-a^b"),
        (apply("power", apply("negate", A), B), "(-a)^b"),
        (apply("power", apply("power", A, B), C), "(a^b)^c"),
        (apply("power", real(-2), B), "(-2.0)^b"),
        (apply("add", A, real(-0.1)), "a + -0.1"),
        (apply("not", apply("and", A, B)), "not (a and b)"),
        (apply("and", apply("not", A), apply("less", B, C)), "not a and b < c"),
        (apply("equal", apply("less", A, B), C), "(a < b) == c"),
        (apply("select", A, B, C), "select(a, b, c)"),
        (apply("exp", Reduce(Reduction.SUM, N, A)), "exp(sum n in N: a)"),
        (
            apply("multiply", Reduce(Reduction.LOGSUMEXP, N, A), B),
            "(logsumexp n in N: a) * b",
        ),
        (Reduce(Reduction.SUM, Axis.over("N", "N"), A), "sum N: a"),
        (Read("x", (shifted("t", 1), integer(0))), "x[t - 1, 0]"),
    ],
)
def test_parentheses_only_where_needed(expr, text):
    assert print_expr(expr) == text


def test_constants_a_reader_could_confuse_print_apart():
    texts = [print_expr(e) for e in (real(2), integer(2), real(0.1), real(1e-300))]
    assert texts == ["2.0", "2", "0.1", "1e-300"]


def small_density():
    source = Source("m.gml", "mu ~ normal(0, 1)\nx = 1\n")
    arrays = (
        Array("y", Scalar.REAL, (Size("N"),), Storage.DATA),
        Array("u_mu", Scalar.REAL, (), Storage.POSITION),
        Array("mu", Scalar.REAL, (), Storage.LOCAL),
        Array("h", Scalar.REAL, (Size("N"),), Storage.LOCAL),
        Array("score", Scalar.REAL, (), Storage.ADJOINT),
    )
    square = apply("square", apply("subtract", Read("y", (Var("n"),)), Read("mu")))
    previous = Read("h", (shifted("t", 1),))
    return Density(
        name="small",
        dims=(Dim("N"), Dim("K", 3)),
        arrays=arrays,
        sites=(Site("mu", "u_mu", "mu", ()),),
        host=(),
        body=(
            Let("mu", (), (), Read("u_mu"), span=Span(source, 0, 2)),
            Let("h", (integer(0),), (), real(1.0)),
            Scan(
                Axis("t", integer(1), Size("N")),
                (Let("h", (Var("t"),), (), apply("exp", previous)),),
            ),
            Add("score", (), (N,), square, Term(TermKind.LIKELIHOOD, "y")),
        ),
        gradient=("d_u_mu",),
    )


def test_density_text():
    assert print_density(small_density()) == (
        "density small(u_mu: real)\n"
        "  dim N\n"
        "  dim K = 3\n"
        "  data y: real[N]\n"
        "  site mu: %mu of u_mu\n"
        "  body\n"
        "    zero %score: real\n"
        "    let %mu: real = u_mu\n"
        "    let %h[0]: real = 1.0\n"
        "    scan t in 1..size(N) {\n"
        "      let %h[t]: real = exp(%h[t - 1])\n"
        "    }\n"
        "    add %score += square(y[n] - %mu) over n in N  # likelihood y\n"
        "  gradient %d_u_mu\n"
    )


def test_locations_are_printed_on_request():
    text = print_density(small_density(), locations=True)
    assert "    let %mu: real = u_mu  @ m.gml:1:1\n" in text


def test_model_text():
    n = Axis.over("N", "N")
    call = DistCall("normal", (("mu", real(0)), ("sigma", Read("tau"))))
    lagged = Read("h", (shifted("t", 1),))
    model = Model(
        name="small",
        dims=(ModelDim("N"), ModelDim("M", alias_of="N"), ModelDim("K", 2)),
        data=(DataVariable("g", ("N",), IndexSupport("K"), index_base=1),),
        statements=(
            ModelSite(
                "theta",
                (Var("N"),),
                (n,),
                ("N",),
                RealSupport(lower=real(0)),
                call,
                Role.LATENT,
            ),
            Definition(
                "total",
                (),
                (),
                (),
                Scalar.REAL,
                Reduce(Reduction.SUM, n, Read("theta", (Var("N"),))),
                Role.DERIVED,
                is_local=True,
            ),
            Recurrence(
                Axis("t", integer(1), Size("N")),
                (
                    Definition(
                        "h", (Var("t"),), (), ("N",), Scalar.REAL, lagged, Role.DERIVED
                    ),
                ),
            ),
            ModelFactor(Term(TermKind.FACTOR, "penalty"), (), Read("total")),
        ),
    )
    assert print_model(model) == (
        "model small\n"
        "  dim N\n"
        "  dim M = N\n"
        "  dim K = 2\n"
        "  data g: index(K)[N] base 1\n"
        "  latent theta[N]: real<lower=0.0>[N] ~ normal(mu=0.0, sigma=tau) over N\n"
        "  derived total: real = sum N: theta[N]  # local\n"
        "  scan t in 1..size(N) {\n"
        "    derived h[t]: real[N] = h[t - 1]\n"
        "  }\n"
        "  factor total  # factor penalty\n"
    )
