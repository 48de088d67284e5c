"""Densities of every shape that the graph backend treats in its own way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import field, frozen

from gml.ir.nodes import Density
from gml.passes.differentiate import differentiate
from gml.passes.name_reductions import name_reductions
from tests.passes.conftest import parse_density

RNG = np.random.default_rng(11)


@frozen
class Program:
    """A density as text, with sizes and data."""

    name: str
    declarations: str
    body: str
    sizes: dict[str, int]
    data: dict[str, Any] = field(factory=dict)

    def density(self) -> Density:
        density = parse_density(self.declarations, self.body)
        return differentiate(name_reductions(density))


def normal(*shape: int) -> np.ndarray:
    return RNG.standard_normal(shape)


EIGHT_SCHOOLS = Program(
    "eight_schools",
    "position u; position v; position z[J]; local tau; local theta[J];"
    "data y[J]; data se[J]",
    """
    let tau = exp(v)
    let theta[J] = u + tau * z[J] over J in J
    add score += v - 0.5 * square(u / 5.0) - log1p(square(tau / 5.0))
    add score += -0.5 * square(z[J]) over J in J
    add score += -0.5 * square((y[J] - theta[J]) / se[J]) over J in J
    """,
    {"J": 8},
    {"y": 10 * normal(8), "se": 5 + abs(normal(8))},
)

LOGISTIC = Program(
    "logistic_with_intercepts",
    "position a[J]; position b[P]; local eta[N]; data X[N, P]; data int g[N];data y[N]",
    """
    let eta[n] = a[g[n]] + sum(p in P, X[n, p] * b[p]) over n in N
    add score += y[n] * eta[n] - softplus(eta[n]) over n in N
    add score += -0.5 * square(a[J]) over J in J
    add score += -0.5 * square(b[p]) over p in P
    """,
    {"J": 5, "P": 3, "N": 40},
    {
        "X": normal(40, 3),
        "g": RNG.integers(0, 5, 40),
        "y": RNG.integers(0, 2, 40).astype(float),
    },
)

GARCH = Program(
    "garch",
    "position m; position a; position b; local s[T]; data y[T]",
    """
    let s[0] = 1.5
    scan t in range(1, size(T)) {
    let s[t] = sqrt(exp(a) + 0.3 * square(y[t - 1] - m)
        + sigmoid(b) * square(s[t - 1]))
    }
    add score += -0.5 * square((y[t] - m) / s[t]) - log(s[t]) over t in T
    """,
    {"T": 30},
    {"y": normal(30)},
)

MIXTURE = Program(
    "mixture",
    "position w[K]; position m[K]; position s[K]; data y[N]",
    """
    add score += logsumexp(k in K, w[k] - logsumexp(j in K, w[j])
        - 0.5 * square((y[n] - m[k]) / exp(s[k])) - s[k]) over n in N
    """,
    {"K": 3, "N": 25},
    {"y": normal(25)},
)

NEGATIVE_BINOMIAL = Program(
    "negative_binomial",
    "position m; position p; local phi; data y[N]",
    """
    let phi = exp(p)
    add score += lgamma(y[n] + phi) - lgamma(phi) + phi * (p - log_add_exp(m, p))
        + y[n] * (m - log_add_exp(m, p)) over n in N
    """,
    {"N": 30},
    {"y": RNG.poisson(3.0, 30).astype(float)},
)

TRIANGLE = Program(
    "triangular_range",
    "position x[K]; data M[K, K]",
    """
    add score += -square(sum(k in range(0, i + 1), x[k] * x[i] + M[i, k]) - 0.5)
        over i in K
    add score += logsumexp(k in range(i, size(K)), x[k]) over i in K
    """,
    {"K": 5},
    {"M": normal(5, 5)},
)

TWO_GATHERS = Program(
    "two_gathers",
    "position a[J, K]; position b[K, J]; data int g[N]; data int h[N]; data y[N]",
    """
    add score += -0.5 * square(y[n] - a[g[n], h[n]] * b[h[n], 2]) over n in N
    add score += -0.5 * square(a[J, 1] - b[0, J]) over J in J
    """,
    {"J": 4, "K": 3, "N": 20},
    {"g": RNG.integers(0, 4, 20), "h": RNG.integers(0, 3, 20), "y": normal(20)},
)

GATHERED_ROWS = Program(
    "gathered_rows",
    "position a[J, P]; position c[P, J]; data X[N, P]; data int g[N]; data y[N]",
    """
    add score += -0.5 * square(y[n] - sum(p in P, X[n, p] * a[g[n], p])) over n in N
    add score += -square(c[p, g[n]] - 1.0) over n in N, p in P
    """,
    {"J": 3, "P": 2, "N": 15},
    {"X": normal(15, 2), "g": np.array([0, 2] * 7 + [2]), "y": normal(15)},
)

MATRIX = Program(
    "matrix_of_parameters",
    "position B[P, Q]; data X[N, P]; data Y[N, Q]; local F[Q, N]",
    """
    let F[q, n] = sum(p in P, X[n, p] * B[p, q] / 2.0) over q in Q, n in N
    add score += -0.5 * square(Y[n, q] - F[q, n]) over n in N, q in Q
    """,
    {"N": 12, "P": 3, "Q": 2},
    {"X": normal(12, 3), "Y": normal(12, 2)},
)

SHIFTS = Program(
    "shifted_slices",
    "position x[T]; local d[T]",
    """
    let d[t] = x[t + 1] - 0.9 * x[t] over t in range(0, size(T) - 1)
    let d[4] = x[0]
    add score += -square(d[t]) over t in T
    add score += -0.1 * square(x[4 - t]) * x[t] over t in T
    add score += -square(x[t] * select(t < 1, 1.0, x[t - 1])) over t in T
    """,
    {"T": 5},
)

STATES = Program(
    "recurrence_of_vectors",
    "position A[K]; position x0[K]; position e[T, K]; local x[T, K]; data y[T, K]",
    """
    let x[0, k] = x0[k] over k in K
    scan t in range(1, size(T)) {
    let x[t, k] = tanh(A[k] * x[t - 1, k]) + e[t, k] * select(t < 3, 0.5, y[t, k])
        + sum(j in K, x[t - 1, j]) / (t + 1.0) over k in K
    }
    add score += -0.5 * square(y[t, k] - x[t, k]) over t in T, k in K
    """,
    {"T": 6, "K": 3},
    {"y": normal(6, 3)},
)

TWO_TIMES = Program(
    "scan_in_a_scan",
    "position a; position x[T]; local g[T, S]",
    """
    scan t in T {
    let g[t, 0] = x[t]
    scan s in range(1, size(S)) {
    let g[t, s] = sin(g[t, s - 1] * a) + s * 0.1
    }
    }
    add score += -square(g[t, s]) over t in T, s in S
    """,
    {"T": 3, "S": 4},
)

EXTREMES = Program(
    "other_reductions",
    "position x[N]; position c",
    """
    add score += max(n in N, x[n] * c) - min(n in N, x[n]) + prod(n in N, x[n] + 2.0)
    add score += size(N) * c over n in N
    add score += sum(n in range(2, 2), x[n]) + power(c, 2.0) + power(exp(c), -1.0)
    """,
    {"N": 4},
)

DIAGONAL = Program(
    "diagonal",
    "position u[K, K]; local s[K, K]; data int z[K]",
    """
    let s[i, j] = exp(0.1 * u[i, j]) over i in K, j in K
    add score += -square(s[i, i]) - s[i, z[i]] over i in K
    """,
    {"K": 4},
    {"z": np.arange(4)},
)

LAST_ROW = Program(
    "reduction_of_a_row_of_a_scan",
    "position u[K]; local m[T, K]",
    """
    let m[0, k] = u[k] over k in K
    scan t in range(1, size(T)) {
    let m[t, k] = 0.5 * m[t - 1, k] + sin(u[k]) over k in K
    }
    add score += logsumexp(k in K, m[size(T) - 1, k]) - max(k in K, m[0, k])
    """,
    {"T": 3, "K": 4},
)

# A Cholesky factor, column by column, and a solution of equations with it.
FACTOR = Program(
    "triangular_factor",
    "position a; position z[N]; data x[N]; local A[N, N]; local c[N, N];"
    "local L[N, N]; local f[N]; local v[N]",
    """
    let A[i, j] = exp(a - square(x[i] - x[j])) + select(i == j, 0.1, 0.0)
        over i in N, j in N
    scan j in N {
    let c[i, j] = A[i, j] - sum(k in range(0, j), L[i, k] * L[j, k])
        over i in range(j, size(N))
    let L[i, j] = c[i, j] / sqrt(c[j, j]) over i in range(j, size(N))
    let L[i, j] = 0.0 over i in range(0, j)
    }
    let f[i] = sum(j in N, L[i, j] * z[j]) over i in N
    scan i in N reversed {
    let v[i] = (f[i] * x[i] - sum(k in range(i + 1, size(N)), L[k, i] * v[k])) / L[i, i]
    }
    add score += sin(f[i]) - 0.1 * square(v[i]) over i in N
    """,
    {"N": 5},
    {"x": np.array([0.3, -1.2, 0.8, 2.0, -0.4])},
)

# The elements that a loop over one axis writes depend on where another one stands.
TRIANGULAR_LOOPS = Program(
    "loops_over_a_triangle",
    "position x[N]; local L[N, N]; local s[N, N]",
    """
    let L[i, j] = x[i] * sin(x[j]) over i in N, j in range(0, i + 1)
    let L[i, j] = 0.5 over j in N, i in range(0, j)
    scan i in N {
    let s[i, 0] = L[i, 0]
    scan j in range(1, i + 1) {
    let s[i, j] = tanh(s[i, j - 1]) + L[i, j]
    }
    }
    add score += sum(j in N, L[i, j] * x[j]) - square(s[i, i]) over i in N
    """,
    {"N": 4},
)

PROGRAMS = (
    EIGHT_SCHOOLS, LOGISTIC, GARCH, MIXTURE, NEGATIVE_BINOMIAL, TRIANGLE, TWO_GATHERS,
    GATHERED_ROWS, MATRIX, SHIFTS, STATES, TWO_TIMES, EXTREMES,
    DIAGONAL, LAST_ROW, FACTOR, TRIANGULAR_LOOPS,
)  # fmt: skip

Factory = Callable[[Program], Any]
