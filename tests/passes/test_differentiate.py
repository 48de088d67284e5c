import numpy as np
import pytest

from gml.backend.reference.posterior import ReferencePosterior
from gml.ir.primitives import PRIMITIVES
from gml.ir.printer import print_density
from gml.passes.differentiate import differentiate
from gml.passes.name_reductions import name_reductions

# For each primitive with a derivative: positions of its arguments to try.
ARGUMENTS = {
    "log": [0.3, 7.0],
    "sqrt": [0.3, 7.0],
    "log1p": [-0.4, 3.0],
    "log1m_exp": [-0.05, -3.0],
    "lgamma": [0.4, 6.0, -1.3],
    "digamma": [0.4, 6.0, -1.3],
    "power": [(0.7, 2.3), (2.0, -1.5)],
    "divide": [(0.7, -2.3), (2.0, 1.5)],
    "minimum": [(0.7, 1.3), (2.0, 1.5)],
    "maximum": [(0.7, 1.3), (2.0, 1.5)],
    "log_add_exp": [(0.7, -1.3), (40.0, -40.0)],
}
DIFFERENTIABLE = [
    name
    for name, row in PRIMITIVES.items()
    if row.partials is not None and name not in ("select", "tangent")
]


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_primitive(name, density_of, check_gradient):
    arity = PRIMITIVES[name].arity
    default = [0.7, -1.2] if arity == 1 else [(0.7, -1.2), (-0.4, 0.9)]
    names = ["a", "b"][:arity]
    density = density_of(
        ";".join(f"position {n}" for n in names),
        f"add score += 1.5 * {name}({', '.join(names)})",
    )
    for arguments in ARGUMENTS.get(name, default):
        check_gradient(density, {}, position=np.atleast_1d(arguments))


BODIES = {
    "plate": """
        let tau = exp(u)
        add score += y[n] * log(tau) - tau * w[n] over n in N
    """,
    "gather and scatter": """
        let v[n] = sin(w[g[n]]) over n in N
        add score += -0.5 * square(y[n] - v[n]) over n in N
    """,
    "shifted read": """
        add score += -square(w[t] - u * w[t - 1]) over t in range(1, size(N))
    """,
    "literal elements": """
        let v[0] = exp(u)
        let v[n] = w[n] * v[0] over n in range(1, size(N))
        add score += -square(v[n] + w[1]) over n in N
    """,
    "sum inside": "add score += sin(sum(k in K, b[k] * w[n])) over n in N",
    "sum of sums": "add score += exp(-sum(k in K, sum(n in N, square(b[k] - w[n]))))",
    "triangular sum": """
        add score += sin(sum(k in range(0, n), w[k] * b[0])) over n in N
    """,
    "triangular plate": """
        add score += sin(w[k] * w[n]) over n in N, k in range(0, n)
    """,
    "logsumexp": """
        add score += logsumexp(k in K, b[k] - 0.5 * square(y[n] - u * b[k])) over n in N
    """,
    "softmax": """
        let p[k] = exp(b[k]) / sum(j in K, exp(b[j])) over k in K
        add score += p[k] * y[0] * square(p[0]) over k in K
    """,
    "nested folds": """
        add score += max(n in N, logsumexp(k in K, b[k] * w[n]) * y[n])
    """,
    "minimum": "add score += min(n in N, w[n] * u)",
    "product": "add score += prod(k in K, b[k] - u)",
    "transposed": """
        add score += square(sum(k in K, x[n, k] * b[k]) - w[n]) over n in N
    """,
    "shared part": """
        let v[n] = exp(u) * w[n] over n in N
        add score += -square(exp(u) - v[n]) * exp(u) over n in N
    """,
    "select": """
        add score += select(w[n] < 0.0, exp(w[n] * u), sin(u)) over n in N
    """,
    "guarded shift": """
        add score += sin(select(0 < t, w[t - 1] * w[t], u)) over t in N
    """,
    "guarded gather": """
        add score += sin(select(0 < t, w[g[t] - 1 + 1], u)) over t in N
    """,
    "recurrence": """
        let v[0] = exp(u)
        scan t in range(1, size(N)) {
            let v[t] = exp(b[0]) + 0.3 * square(y[t - 1] - b[1]) + 0.5 * v[t - 1]
        }
        add score += -0.5 * log(v[t]) - square(y[t] - b[1]) / v[t] over t in N
    """,
    "score in a recurrence": """
        let v[0] = u
        scan t in range(1, size(N)) {
            let v[t] = sin(v[t - 1]) * w[t] + b[0]
            add score += -square(y[t] - v[t]) * v[t - 1]
        }
    """,
    "second order recurrence": """
        let v[0] = u
        let v[1] = u * b[0]
        scan t in range(2, size(N)) {
            let v[t] = sin(b[1] * v[t - 1]) - b[2] * v[t - 2]
        }
        add score += -square(v[size(N) - 1] - 2.0)
    """,
    "reversed recurrence": """
        let v[4] = u
        scan t in range(0, 4) reversed {
            let v[t] = sin(v[t + 1]) * w[t]
        }
        add score += v[n] * y[n] over n in N
    """,
    "forward algorithm": """
        let m[0, k] = b[k] + x[0, k] over k in K
        scan t in range(1, size(N)) {
            let m[t, k] = u * logsumexp(j in K, m[t - 1, j] + a[j, k]) over k in K
        }
        add score += logsumexp(k in K, m[size(N) - 1, k])
    """,
    "derived that the score does not read": """
        let v[n] = exp(w[n]) over n in N
        add score += u
    """,
    "no parameters at all": "add score += y[n] over n in N",
}
DECLARATIONS = (
    "data y[N]; data x[N, K]; data int g[N]; position u; position w[N]; position b[K];"
    "position a[K, K]; local tau; local v[N]; local p[K]; local m[N, K]"
)
RNG = np.random.default_rng(8)
SIZES = {"N": 5, "K": 3}
DATA = {
    "y": RNG.normal(size=5),
    "x": RNG.normal(size=(5, 3)),
    "g": np.array([2, 0, 2, 1, 4]),
}


@pytest.mark.parametrize("name", BODIES)
def test_program(name, density_of, check_gradient):
    check_gradient(density_of(DECLARATIONS, BODIES[name]), SIZES, DATA)


def gradient(density, position, sizes=SIZES, data=DATA):
    density = differentiate(name_reductions(density))
    posterior = ReferencePosterior(density, sizes, data)
    return posterior.score_and_grad(np.asarray(position, np.float64))


def test_text(density_of):
    density = density_of(
        "data x[N, P]; data y[N]; data int g[N]; position u_tau; position mu;"
        "position z[J]; position b[P]; local tau; local a[J]; local eta[N]",
        """
        let tau = exp(u_tau)
        let a[j] = mu + tau * z[j] over j in J
        let eta[n] = a[g[n]] + sum(p in P, x[n, p] * b[p]) over n in N
        add score += -0.5 * square(z[j]) over j in J
        add score += y[n] * eta[n] - softplus(eta[n]) over n in N
        """,
    )
    text = print_density(differentiate(name_reductions(density)))
    backward = text[text.index("  # likelihood y\n    add %d") :]
    assert backward == (
        "  # likelihood y\n"
        "    add %d_eta[n] += y[n] - sigmoid(%eta[n]) over n in N\n"
        "    add %d_z[j] += -z[j] over j in J\n"
        "    add %d_a[g[n]] += %d_eta[n] over n in N\n"
        "    add %d_eta_sum[n] += %d_eta[n] over n in N\n"
        "    add %d_b[p] += %d_eta_sum[n] * x[n, p] over n in N, p in P\n"
        "    add %d_mu += %d_a[j] over j in J\n"
        "    add %d_tau += %d_a[j] * z[j] over j in J\n"
        "    add %d_z[j] += %d_a[j] * %tau over j in J\n"
        "    add %d_u_tau += %d_tau * %tau\n"
        "  gradient %d_u_tau, %d_mu, %d_z, %d_b\n"
    )


def test_only_the_recurrence_stays_in_the_reversed_scan(density_of):
    density = density_of(DECLARATIONS, BODIES["recurrence"])
    text = print_density(differentiate(density))
    scan = text[text.index("scan t in 1..size(N) reversed") :].split("}")[0]
    assert scan.count("add ") == 1
    assert "add %d_v[t - 1] +=" in scan


@pytest.mark.parametrize(
    "value",
    [
        "select(0.0 < a, log(a), a)",
        "select(0.0 < a, sqrt(a), a) * select(a < 0.0, 1.0, exp(800.0 * a))",
        "select(0.0 < a, 1.0 / a, 2.0 * a) + log(1.0 + a)",
        "minimum(log(a + 1.0), 1.0 / a)",
        "log_add_exp(log(a), a)",
    ],
)
def test_branches_not_taken_give_no_nan(value, density_of):
    density = density_of("position a", f"add score += {value}")
    score, slope = gradient(density, [0.0], {}, {})
    assert np.isfinite(slope).all(), (score, slope)


def test_logsumexp_of_impossible_elements(density_of):
    density = density_of(
        "data y[N]; position a[N]; position b",
        "add score += log_add_exp(logsumexp(n in N, y[n] + a[n]), b)",
    )
    minus = -np.inf
    _, some = gradient(density, [0, 1, 2, 0], {"N": 3}, {"y": [minus, 0, 1]})
    weight = np.exp([1, 3]) / (np.exp([1, 3]).sum() + 1)
    np.testing.assert_allclose(some[:3], [0, *weight])
    _, none = gradient(density, [0, 1, 2, 0], {"N": 3}, {"y": [minus] * 3})
    np.testing.assert_array_equal(none, [0, 0, 0, 1])


def test_logsumexp_of_log_zero(density_of):
    density = density_of(
        "position a[N]", "add score += logsumexp(n in N, log(a[n]) + 1.0)"
    )
    _, slope = gradient(density, [0.0, 2.0], {"N": 2}, {})
    np.testing.assert_allclose(slope, [0, 0.5])


def test_product_with_zeros(density_of):
    density = density_of("position a[N]", "add score += prod(n in N, a[n])")
    assert gradient(density, [2, 0, 3], {"N": 3})[1].tolist() == [0, 6, 0]
    assert gradient(density, [0, 0, 3], {"N": 3})[1].tolist() == [0, 0, 0]


def test_ties_share_the_derivative_of_max(density_of):
    density = density_of("position a[N]", "add score += max(n in N, a[n])")
    assert gradient(density, [1, 4, 4, 0], {"N": 4})[1].tolist() == [0, 0.5, 0.5, 0]


def test_an_infinite_position_is_not_hidden(density_of):
    density = density_of("position a", "add score += -exp(a) * a")
    score, slope = gradient(density, [np.inf], {}, {})
    assert score == -np.inf
    assert not np.isfinite(slope).any()


def test_adjoints_are_named_apart_from_the_model(density_of):
    density = density_of(
        "position a; local d_a", "let d_a = exp(a)\nadd score += d_a * a"
    )
    result = differentiate(density)
    assert result.gradient == ("d_a_1",)
    assert gradient(density, [0.0], {}, {})[1].tolist() == [1.0]


def test_a_parameter_without_effect_has_gradient_zero(density_of):
    density = density_of("position a; position b[N]", "add score += -square(a)")
    assert gradient(density, [1, 5, 6], {"N": 2}, {})[1].tolist() == [-2, 0, 0]
