import numpy as np
import pytest

from gml.backend.host import evaluate_host
from gml.backend.reference.posterior import ReferencePosterior
from gml.ir.build import apply, real
from gml.ir.nodes import (
    Add,
    Array,
    Axis,
    Density,
    Dim,
    Let,
    Read,
    Scalar,
    Site,
    Size,
    Storage,
    Term,
    TermKind,
    Var,
)

N = Axis.over("n", "N")
n = Var("n")
LIKELIHOOD = Term(TermKind.LIKELIHOOD, "y")
Y = np.array([1.0, -2.0, 0.5])
SIZES = {"N": 3}


def array(name, storage, dims=()):
    return Array(name, Scalar.REAL, tuple(map(Size, dims)), storage)


def density():
    """Score -(y - u_b)^2 summed, and log |y| of the data as a host constant."""
    residual = apply("subtract", Read("y", (n,)), Read("b", (n,)))
    return Density(
        name="m",
        dims=(Dim("N"),),
        arrays=(
            array("y", Storage.DATA, "N"),
            array("size", Storage.HOST, "N"),
            array("score_constant", Storage.HOST),
            array("u_a", Storage.POSITION),
            array("u_b", Storage.POSITION, "N"),
            array("b", Storage.LOCAL, "N"),
            array("score", Storage.ADJOINT),
            array("d_u_a", Storage.ADJOINT),
            array("d_u_b", Storage.ADJOINT, "N"),
        ),
        sites=(Site("a", "u_a", "u_a", ()), Site("b", "u_b", "b", (Size("N"),))),
        host=(
            Let("size", (n,), (N,), apply("log", apply("abs", Read("y", (n,))))),
            Add("score_constant", (), (N,), Read("size", (n,)), LIKELIHOOD),
        ),
        body=(
            Let("b", (n,), (N,), apply("add", Read("u_b", (n,)), Read("u_a"))),
            Add(
                "score",
                (),
                (N,),
                apply("negate", apply("square", residual)),
                LIKELIHOOD,
            ),
            Add("d_u_b", (n,), (N,), apply("multiply", real(2), residual)),
            Add("d_u_a", (), (N,), Read("d_u_b", (n,))),
        ),
        gradient=("d_u_a", "d_u_b"),
    )


@pytest.fixture
def posterior():
    return ReferencePosterior(density(), SIZES, {"y": Y.tolist()})


def expected(position):
    residual = Y - position[1:] - position[0]
    score = -np.sum(residual**2) + np.sum(np.log(np.abs(Y)))
    return score, np.array([2 * residual.sum(), *(2 * residual)])


def test_score_and_gradient_of_one_position(posterior):
    position = np.array([0.3, 1.0, 2.0, -1.0])
    score, gradient = posterior.score_and_grad(position)
    exact = expected(position)
    assert score == pytest.approx(exact[0], rel=1e-15)
    assert posterior.score(position) == score
    np.testing.assert_allclose(gradient, exact[1], rtol=1e-15)


def test_chains_are_the_last_axis(posterior):
    positions = np.random.default_rng(1).normal(size=(4, 6))
    score, gradient = posterior.score_and_grad(positions)
    assert posterior.ndim == 4
    assert score.shape == (6,)
    for chain in range(6):
        exact = expected(positions[:, chain])
        assert score[chain] == pytest.approx(exact[0])
        np.testing.assert_allclose(gradient[:, chain], exact[1])


def test_host_program_gives_data_and_what_follows_from_it():
    arrays = evaluate_host(density(), SIZES, {"y": Y})
    assert set(arrays) == {"y", "size", "score_constant"}
    np.testing.assert_allclose(arrays["size"], np.log(np.abs(Y)))
    assert arrays["score_constant"] == pytest.approx(0)
