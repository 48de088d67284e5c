"""Solutions of differential equations: against SciPy's, and closed forms.

Tolerances are tight here, so that what is compared are the equations and not the steps:
a score by `solve_ivp`, and a gradient by differences of that score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from attrs import evolve, frozen
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.special import logsumexp
from scipy.stats import norm

import gml
from tests.models.gradients import by_differences

Values = Mapping[str, Any]
TIMES = np.array([0.4, 0.4, 1.1, 2.5])


def solved(slope: Callable[..., Any], initial: Any, start: float, times: Any) -> Any:
    """States over (time, component), as exactly as SciPy can."""
    result = solve_ivp(
        slope, (start, max(times)), np.ravel(initial), "DOP853", rtol=1e-12, atol=1e-13,
        dense_output=True,
    )  # fmt: skip
    return np.array([result.sol(t) if t > start else np.ravel(initial) for t in times])


@frozen
class Case:
    """A model of parameters with N(0, 1) priors, and what its data should be near."""

    text: str
    data: Values
    expected: Callable[[Values], Any]
    start: Values

    def score(self, values: Values) -> float:
        priors = sum(norm.logpdf(v).sum() for v in values.values())
        residual = np.asarray(self.data["y"]) - self.expected(values)
        return float(priors + norm.logpdf(residual, scale=0.1).sum())


DECAY = Case(
    """
    dim N
    data t: real[N]
    data y: real[N]
    fn decay(t, z: real[S], rate) = -rate * z
    k ~ normal(0, 1)
    a ~ normal(0, 1)
    z = ode(decay, [a], 0, t, exp(k), rtol=1e-8, atol=1e-8)
    y[n: N] ~ normal(z[n, 0], 0.1)
    """,
    {"t": TIMES, "y": [0.8, 0.7, 0.6, 0.2]},
    lambda v: v["a"] * np.exp(-np.exp(v["k"]) * TIMES),
    {"k": -0.3, "a": 1.2},
)

FORCED = Case(
    """
    dim N, S = 2
    data t: real[N]
    data y: real[N, S]
    fn pendulum(time, z: real[C], p: real[P], drive) = [
      z[1], if z[0] > 0 then -p[0] * sin(z[0]) - p[1] * z[1] + drive * cos(time)
            else -p[0] * z[0] - p[1] * z[1] + drive * cos(time)
    ]
    dim P = 2
    p[P] ~ normal(0, 1)
    b ~ normal(0, 1)
    z: real[N, S] = ode(pendulum, [0.3, b], -0.5, t, exp(p), 0.7, rtol=1e-8, atol=1e-8)
    y ~ normal(z, 0.1)
    """,
    {"t": TIMES, "y": [[0.1, 0.2], [0.2, 0.2], [0.3, -0.1], [0.0, 0.1]]},
    lambda v: solved(
        lambda t, z: [
            z[1],
            -np.exp(v["p"][0]) * (np.sin(z[0]) if z[0] > 0 else z[0])
            - np.exp(v["p"][1]) * z[1]
            + 0.7 * np.cos(t),
        ],
        [0.3, v["b"]],
        -0.5,
        TIMES,
    ),
    {"p": [0.2, -1.0], "b": 0.4},
)

COUPLING = np.array([[-0.5, 0.3, 0.1], [0.2, -0.7, 0.0], [0.1, 0.2, -0.4]])
LINEAR = Case(
    """
    dim N, S, to = S
    data t: real[N]
    data start: real[S]
    data y: real[N, S]
    fn linear(t, z: real[S], A: real[R, S]) = A @ z
    A[to, S] ~ normal(0, 1)
    z = ode(linear, start, 0, t, A, rtol=1e-8, atol=1e-8)
    y ~ normal(z, 0.1)
    """,
    {"t": TIMES, "start": [1.0, 0.5, -0.3], "y": np.full((4, 3), 0.3)},
    lambda v: np.array(
        [expm(np.asarray(v["A"]) * t) @ [1.0, 0.5, -0.3] for t in TIMES]
    ),
    {"A": COUPLING},
)

WEIGHTS = np.array([0.4, -0.2, 0.9])


def compartments(v: Values) -> Any:
    """The second component for each patient, at times of their own."""

    def states(k: float, times: Any) -> Any:
        def slope(t: float, z: Any) -> Any:
            flow = np.exp(k) * z[0]
            loss = logsumexp(WEIGHTS * z[1] * np.asarray(v["scale"]))
            return [-flow, flow - loss + 0.9 * np.tanh(z[0])]

        return solved(slope, [1 + 0.1 * k, 0.0], 0.0, times)[:, 1]

    pairs = zip(v["k"], (TIMES, TIMES + 0.3), strict=True)
    return np.array([states(k, times) for k, times in pairs])


PLATES = Case(
    """
    dim patient, N, S = 2, W
    data t: real[patient, N]
    data w: real[W]
    data y: real[patient, N]
    fn compartments(t, z: real[S], k, w: real[W], scale: real[W]) = [
      -k * z[0],
      k * z[0] - logsumexp(w * z[1] * scale over W) + max(w over W) * tanh(z[0])
    ]
    k[patient] ~ normal(0, 1)
    scale[W] ~ normal(0, 1)
    first[i: patient, s: S] = if s == 0 then 1 + 0.1 * k[i] else 0
    z = ode(compartments, first, 0, t, exp(k), w, scale, rtol=1e-8, atol=1e-8)
    y[i: patient, n: N] ~ normal(z[i, n, 1], 0.1)
    """,
    {
        "t": np.array([TIMES, TIMES + 0.3]),
        "w": WEIGHTS,
        "y": [[0.1, 0.2, 0.3, 0.2], [0.3, 0.2, 0.1, 0.1]],
    },
    compartments,
    {"k": [0.1, -0.4], "scale": [0.5, 1.0, -0.3]},
)

DOSES = np.array([1.0, 0.5, 0.7])


def amounts(v: Values) -> Any:
    """What is there after each dose: of z' = -k z^1.5, which has a closed form."""
    found = [DOSES[0]]
    for dose in DOSES[1:]:
        found.append(dose + (found[-1] ** -0.5 + 0.5 * np.exp(v["k"])) ** -2)
    return np.array(found)


RECURRENCE = Case(
    """
    dim J, S = 1, once = 1
    data dose: real[J]
    data y: real[J]
    fn decay(t, z: real[S], rate) = -rate * z^1.5
    k ~ normal(0, 1)
    amount[0] = dose[0]
    for j in 1..J {
      amount[j] = dose[j] + sum(
        ode(decay, rep(amount[j - 1], S), 0, rep(1.0, once), exp(k), atol=1e-8)
        over once, S)
    }
    y ~ normal(amount, 0.1)
    """,
    {"dose": DOSES, "y": [1.1, 0.9, 1.0]},
    amounts,
    {"k": 0.2},
)

CASES = {
    "decay": DECAY,
    "forced": FORCED,
    "linear": LINEAR,
    "plates": PLATES,
    "recurrence": RECURRENCE,
}


def bound(case: Case, backend: str) -> Any:
    dtype = {"dtype": "float64"} if backend == "fused" else {}
    lines = case.text.strip().split("\n")
    text = "\n".join(line.removeprefix("    ") for line in lines)
    return gml.loads(text).bind(case.data, backend=backend, **dtype)


TOLERANCES = {"reference": 1e-6, "fused": 1e-6, "graph": 3e-5}


def stiff(case: Case) -> Case:
    return evolve(case, text=case.text.replace("ode(", "ode_stiff("))


@pytest.mark.parametrize("backend", TOLERANCES)
@pytest.mark.parametrize("name", CASES)
def test_score_and_gradient(name: str, backend: str) -> None:
    check(CASES[name], backend)


@pytest.mark.parametrize("backend", TOLERANCES)
@pytest.mark.parametrize(
    "name", ["decay", pytest.param("forced", marks=pytest.mark.slow)]
)
def test_the_stiff_method_too(name: str, backend: str) -> None:
    check(stiff(CASES[name]), backend)


def test_the_stiff_method_with_everything() -> None:
    check(stiff(PLATES), "fused")


def check(case: Case, backend: str) -> None:
    model = bound(case, backend)
    u = model.unconstrain(case.start)

    def exact(columns: np.ndarray) -> np.ndarray:
        return np.array([case.score(model.constrain(c)) for c in columns.T])

    score, gradient = model.score_and_grad(u)
    wanted = by_differences(exact, u)
    size = max(1.0, abs(exact(u[:, None])[0]))
    tolerance = TOLERANCES[backend]
    assert float(score) == pytest.approx(exact(u[:, None])[0], abs=tolerance * size)
    scale = np.abs(wanted).max()
    assert np.asarray(gradient) == pytest.approx(wanted, abs=10 * tolerance * scale)


@pytest.mark.parametrize("case", [FORCED, stiff(FORCED)])
def test_values_are_those_that_the_density_has(case: Case) -> None:
    """The reference solves for programs of values by code of its own."""
    model = bound(case, "reference")
    u = np.stack([model.unconstrain(FORCED.start), np.zeros(3)], axis=-1)
    found = model._values(0).evaluate(["z"], u)["z"]
    for column, states in zip(u.T, np.moveaxis(found, -1, 0), strict=True):
        wanted = FORCED.expected(model.constrain(column))
        assert states == pytest.approx(wanted, abs=1e-6)


EXPLOSION = Case(
    """
    dim N
    data t: real[N]
    data y: real[N]
    fn square(t, z: real[S], k) = k * z^2
    k ~ normal(0, 1)
    z = ode(square, [1.0], 0, t, k, max_steps=60)
    y[n: N] ~ normal(z[n, 0], 0.1)
    """,
    {"t": [0.5, 2.0, 2.5], "y": [1.0, 1.0, 1.0]},
    lambda v: 1 / (1 - v["k"] * np.array([0.5, 2.0, 2.5])),
    {"k": 0.1},
)


@pytest.mark.parametrize("backend", TOLERANCES)
def test_a_chain_without_solution_leaves_the_others_alone(backend: str) -> None:
    """With k = 0.7 the state is infinite at t = 1.4; the others must not see it."""
    model = bound(EXPLOSION, backend)
    k = np.array([[0.1, 0.7, -3.0, 0.3]])
    score, gradient = map(np.asarray, model.score_and_grad(k))
    assert not np.isfinite(score[1])
    for chain in (0, 2, 3):
        wanted = EXPLOSION.score({"k": k[0, chain]})
        assert score[chain] == pytest.approx(wanted, rel=1e-5)
        own = model.score_and_grad(k[:, chain])
        assert np.asarray(own[1]) == pytest.approx(gradient[:, chain], rel=1e-6)


def test_no_start_says_that_the_equation_is_the_reason() -> None:
    text = EXPLOSION.text.replace("    ", "").replace("t, k,", "t, 1 + k^2,")
    model = gml.loads(text).bind(EXPLOSION.data, backend="fused")
    with pytest.raises(gml.GmlError, match="the equation has no solution"):
        model.sample("mh", seed=1, chains=4, draws=10, warmup=10)


@pytest.mark.parametrize("times", [[1.0, 0.5], [-1.0, 1.0]])
def test_times_come_in_order_after_the_start(times: list[float]) -> None:
    text = DECAY.text.replace("    ", "")
    with pytest.raises(gml.GmlError, match="the wait for a time") as raised:
        gml.loads(text).bind({"t": times, "y": [0.1, 0.2]}, backend="reference")
    assert raised.value.diagnostics[0].code == "GML0605"


def test_components_fit_the_data() -> None:
    text = """
dim N, S
data t: real[N]
data start: real[S]
fn f(t, z: real[S], k) = [-k * z[0], k * z[0]]
k ~ exponential(1)
z = ode(f, start, 0, t, k)
y ~ normal(z[0, 0], 1)
data y: real
"""
    data = {"t": [1.0], "start": [1.0, 0.0, 0.0], "y": 0.3}
    with pytest.raises(gml.GmlError, match="components"):
        gml.loads(text).bind(data, backend="reference")


KINETICS = Case(
    """
    dim N, species = 3
    data t: real[N]
    data y: real[N, species]
    fn kinetics(t, z: real[S], k: real[R]) = [
      -k[0] * z[0] + k[1] * z[1] * z[2],
      k[0] * z[0] - k[1] * z[1] * z[2] - k[2] * z[1]^2,
      k[2] * z[1]^2
    ]
    dim rate = 3
    u[rate] ~ normal(0, 1)
    const usual: real[rate] = [0.04, 1e4, 3e7]
    local k = usual * exp(u)
    local start[s: species] = if s == 0 then 1 else 0
    z = ode_stiff(kinetics, start, 0, t, k, rtol=1e-8, atol=1e-12)
    y ~ normal(z, 0.1)
    """,
    {"t": [0.4, 4.0, 40.0, 4000.0], "y": np.full((4, 3), 0.3)},
    lambda v: None,
    {"u": [0.1, -0.2, 0.3]},
)
"""H. H. Robertson's reactions (1966), in which one species lives for microseconds."""


def kinetics(v: Values) -> Any:
    a, b, c = np.exp(v["u"]) * [0.04, 1e4, 3e7]

    def slope(_: float, z: Any) -> Any:
        there, back, on = a * z[0], b * z[1] * z[2], c * z[1] ** 2
        return [back - there, there - back - on, on]

    def jacobian(_: float, z: Any) -> Any:
        back, on = [0, b * z[2], b * z[1]], [0, 2 * c * z[1], 0]
        first = np.array([-a, *back[1:]])
        return np.array([first, -first - on, on])

    times = KINETICS.data["t"]
    return solve_ivp(
        slope, (0, times[-1]), [1.0, 0, 0], "Radau", times, rtol=1e-10, atol=1e-14,
        jac=jacobian,
    ).y.T  # fmt: skip


@pytest.mark.parametrize(
    "backend", [pytest.param("reference", marks=pytest.mark.slow), "fused"]
)
def test_stiff_reactions(backend: str) -> None:
    check(evolve(KINETICS, expected=kinetics), backend)


def test_the_explicit_method_gives_up_on_stiff_reactions() -> None:
    case = evolve(KINETICS, text=KINETICS.text.replace("ode_stiff", "ode"))
    model = bound(case, "fused")
    assert not np.isfinite(model.score(model.unconstrain(KINETICS.start)))
