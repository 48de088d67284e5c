import numpy as np
import pytest
from attrs import evolve

from gml.backend.reference.posterior import ReferencePosterior
from gml.passes import LOOP_PIPELINE, PIPELINE, run_pipeline

DECLARATIONS = (
    "data y[N]; data se[N]; data x[N, K]; data int g[N]; data int c[N]; position u;"
    "position w[N]; position b[K]; position a[K, K]; local sigma; local v[N];"
    "local p[K]; local m[N, K]; local z[N]"
)
RNG = np.random.default_rng(4)
SIZES = {"N": 6, "K": 3}
DATA = {
    "y": RNG.normal(size=6),
    "se": RNG.gamma(3.0, size=6),
    "x": RNG.normal(size=(6, 3)),
    "g": np.array([2, 0, 2, 1, 1, 0]),
    "c": np.array([0, 3, 1, 7, 2, 0]),
}
MODELS = {
    "schools": """
        let sigma = exp(u)
        let z[n] = b[0] + sigma * w[n] over n in N
        add score += -0.5 * square((y[n] - z[n]) / se[n]) - log(se[n]) - 0.9 over n in N
        add score += -0.5 * w[n] ** 2 - 0.9 over n in N
        add score += -log(1 + sigma ** 2) + u
    """,
    "regression": """
        let sigma = exp(u)
        let m[n, k] = x[n, k] - sum(j in N, x[j, k]) / 6.0 over n in N, k in K
        let v[n] = sum(k in K, m[n, k] * b[k]) over n in N
        add score += -0.5 * ((y[n] - v[n]) / sigma) ** 2 - log(sigma) over n in N
    """,
    "counts": """
        let v[n] = exp(a[g[n], 0] + sum(k in K, x[n, k] * b[k])) over n in N
        add score += c[n] * log(v[n]) - v[n] - lgamma(c[n] + 1) over n in N
    """,
    "mixture": """
        let sigma = exp(u)
        let p[k] = b[k] - logsumexp(j in K, b[j]) over k in K
        add score += logsumexp(k in K,
            p[k] - 0.5 * ((y[n] - w[k]) / sigma) ** 2 - log(sigma)) over n in N
    """,
    "garch": """
        let sigma = exp(u)
        let v[0] = sigma
        scan t in range(1, size(N)) {
            let v[t] = sqrt(exp(b[0]) + exp(b[1]) * (y[t - 1] - b[2]) ** 2
                + 0.4 * v[t - 1] ** 2)
            add score += -0.5 * ((y[t] - b[2]) / v[t]) ** 2 - log(v[t])
        }
    """,
    "autoregression": """
        add score += -0.5 * (y[t] - sum(k in K, b[k] * y[t - 1 - k])) ** 2
            over t in range(3, size(N))
    """,
    "negative binomial with guards": """
        let sigma = exp(u)
        let v[n] = exp(w[n]) over n in N
        add score += select(c[n] == 0, -sigma * log1p(v[n] / sigma),
            lgamma(c[n] + sigma) - lgamma(sigma) + c[n] * log(v[n] / c[n]) + log(c[n]))
            over n in N
    """,
    "data alone in a scan": """
        let z[0] = 0.0
        scan t in range(1, size(N)) {
            let z[t] = 0.5 * z[t - 1] + y[t - 1]
        }
        add score += -square(z[t] - u) over t in N
    """,
    "latent mean inside a plate": """
        add score += -square(w[n] - sum(i in N, w[i]) / 6.0) over n in N
    """,
    "hidden states": """
        let p[k] = exp(b[k]) over k in K
        let m[0, k] = log(p[k]) over k in K
        scan t in range(1, size(N)) {
            let m[t, k] = logsumexp(j in K, m[t - 1, j] + a[j, k])
                - 0.5 * (y[t] - b[k]) ** 2 / exp(u) over k in K
        }
        add score += logsumexp(k in K, m[size(N) - 1, k])
    """,
}


def scored(density):
    positions = np.random.default_rng(9).normal(size=(1 + 6 + 3 + 9, 4))
    posterior = ReferencePosterior(density, SIZES, DATA)
    if density.gradient:
        return posterior.score_and_grad(positions)
    return posterior.score(positions), None


@pytest.mark.parametrize("name", MODELS)
def test_score_and_gradient_stay_the_same(name, density_of):
    density = density_of(DECLARATIONS, MODELS[name])
    plain = run_pipeline(density, only=("name_reductions", "differentiate"))
    score, gradient = scored(plain)
    full = run_pipeline(density, verify=True)
    final_score, final_gradient = scored(full)
    np.testing.assert_allclose(final_score, score, rtol=1e-12)
    np.testing.assert_allclose(final_gradient, gradient, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", MODELS)
def test_each_pass_keeps_the_score_and_is_idempotent(name, density_of):
    density = density_of(DECLARATIONS, MODELS[name])
    expected = scored(density)[0]
    for pass_name, apply_pass, _ in PIPELINE:
        if pass_name == "differentiate":
            break
        density = run_pipeline(density, verify=True, only=(pass_name,))
        np.testing.assert_allclose(scored(density)[0], expected, rtol=1e-12)
        assert apply_pass(density) == density, pass_name


def test_every_pass_is_in_the_table():
    from pathlib import Path

    import gml.passes

    folder = Path(gml.passes.__file__).parent
    defined = {
        path.stem
        for path in folder.glob("*.py")
        if f"\ndef {path.stem}(density: Density) -> Density:" in path.read_text()
    }
    assert defined == {name for name, _, _ in (*PIPELINE, *LOOP_PIPELINE)}


def test_passes_can_be_left_out(density_of):
    density = density_of("position a", "add score += -a ** 2 - 3.0")
    complete = run_pipeline(density, only=("fold_constants",))
    assert "score_constant" not in {array.name for array in complete.arrays}
    dropped = run_pipeline(density, only=("drop_constant_terms",))
    assert dropped.array("score_constant")
    assert evolve(density) == run_pipeline(density, only=())
