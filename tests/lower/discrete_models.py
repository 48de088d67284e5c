"""Models with discrete parameters, and the same models in which those are data."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from math import prod
from typing import Any

import numpy as np
from attrs import field, frozen
from scipy.special import logsumexp

import gml
from gml.diagnostics.diagnostic import GmlError

Values = dict[str, np.ndarray]

rng = np.random.default_rng(8)


@frozen
class Discrete:
    """A discrete array: how it is declared as data, its shape, its values."""

    declaration: str
    shape: tuple[int, ...]
    values: tuple[int, ...]
    num_states: int | None = None

    @property
    def range(self) -> tuple[int, int]:
        """The first value, and how many states there are, impossible ones included."""
        return self.values[0], self.num_states or len(self.values)


@frozen(eq=False)
class Case:
    """A model; `arrays` are summed out."""

    text: str
    data: dict[str, Any]
    arrays: dict[str, Discrete]
    sizes: dict[str, int] = field(factory=dict)

    @property
    def model(self) -> gml.compiled.CompiledModel:
        return gml.loads(self.text)

    def bind(self, backend: str = "reference", **options: Any) -> Any:
        return self.model.bind(self.data, backend=backend, **options)

    def assignments(self) -> list[Values]:
        """All values of all discrete arrays."""
        ranges = [v.values for v in self.arrays.values() for _ in range(prod(v.shape))]
        result = []
        for flat in product(*ranges):
            values, start = {}, 0
            for name, own in self.arrays.items():
                size = prod(own.shape)
                part = np.array(flat[start : start + size], dtype=int)
                values[name] = part.reshape(own.shape)
                start += size
            result.append(values)
        return result

    @cache  # noqa: B019 - the cases are module constants
    def log_joint(self, seed: int = 0, columns: int = 1) -> np.ndarray:
        """(assignments, columns): the score where the discrete arrays are data."""
        return self.log_joint_at(self.positions(seed, columns))

    def log_joint_at(self, positions: np.ndarray) -> np.ndarray:
        """The same at given positions of the continuous parameters."""
        names = "\n".join(f"data {n}: {a.declaration}" for n, a in self.arrays.items())
        text = self.text.replace("@marginalize\n", "")
        # A type narrows a parameter; that of data stands where they are declared.
        text = re.sub(r": int<[^>]*> ~", " ~", text)
        model = gml.loads(f"{names}\n{text}")
        rows = []
        for values in self.assignments():
            try:
                bound = model.bind({**self.data, **values}, backend="reference")
            except GmlError:  # a value that is impossible, given others
                rows.append(np.full(positions.shape[1], -np.inf))
            else:
                rows.append(bound.score(positions))
        return np.array(rows)

    def positions(self, seed: int = 0, columns: int = 1) -> np.ndarray:
        ndim = self.bind().ndim
        return np.random.default_rng(seed).normal(size=(ndim, columns)) * 0.7

    def brute_force(self, seed: int = 0, columns: int = 1) -> np.ndarray:
        """The score, summed over all assignments."""
        return np.asarray(logsumexp(self.log_joint(seed, columns), axis=0))


REAL = rng.normal(size=5) * 2
COUNTS = np.array([3, 1, 0, 2, 4])

MIXTURE = Case(
    """
dim N, K = 3
data y: real[N]
pi ~ dirichlet(rep(2.0, K))
mu: ordered[K] ~ normal(0, 5)
sigma[K] ~ half_normal(2)
@marginalize
z[n: N] ~ categorical(pi)
y[n: N] ~ normal(mu[z[n]], sigma[z[n]])
""",
    {"y": REAL[:3]},
    {"z": Discrete("index(K)[N]", (3,), (0, 1, 2))},
)
HMM = Case(
    """
dim T, K = 2, to = K
data y: real[T]
pi0 ~ dirichlet(rep(1.5, K))
A[K] ~ dirichlet(rep(1.5, to))
mu: ordered[K] ~ normal(0, 5)
sigma ~ half_normal(1)
for t in T {
  z[t] ~ categorical(if t == 0 then pi0 else A[z[t - 1]])
  y[t] ~ normal(mu[z[t]], sigma)
}
""",
    {"y": REAL[:4]},
    {"z": Discrete("index(K)[T]", (4,), (0, 1))},
)
SEQUENCES = Case(
    """
dim S, T, K = 2, from = K
data y: int[S, T]
p[from] ~ dirichlet(rep(1.5, K))
rate: ordered[K] ~ normal(0, 1)
for s in S {
  z[s, 0] ~ bernoulli(0.3)
  for t in 1..T {
    z[s, t] ~ bernoulli(if z[s, t - 1] then p[0, 1] else p[1, 1])
  }
}
for s in S {
  for t in T {
    y[s, t] ~ poisson_log(if z[s, t] then rate[1] else rate[0])
  }
}
""",
    {"y": np.array([[0, 2, 1], [4, 1, 0]])[:, 1:]},
    {"z": Discrete("bool[S, T]", (2, 2), (0, 1))},
)
SWITCHING = Case(
    """
dim T
data y: real[T]
b ~ normal(0, 1)
stay ~ beta(2, 2)
# the data depend on two states, and those of one plate on a state of all
high ~ bernoulli(0.4)
z[0] ~ bernoulli(0.5)
for t in 1..T {
  z[t] ~ bernoulli(if z[t - 1] then stay else if high then 0.6 else 0.2)
}
y[0] ~ normal(0, 1)
for t in 1..T {
  y[t] ~ normal(if z[t] then b * y[t - 1] else if z[t - 1] then 0 else high, 1)
}
""",
    {"y": REAL[:3]},
    {"high": Discrete("bool", (), (0, 1)), "z": Discrete("bool[T]", (3,), (0, 1))},
)
FACTORIAL = Case(
    """
dim T, K = 2, from = K
data y: real[T]
A[from] ~ dirichlet(rep(1.5, K))
mu[K] ~ normal(0, 1)
w[0] ~ bernoulli(0.5)
z[0] ~ categorical(A[0])
for t in 1..T {
  w[t] ~ bernoulli(if w[t - 1] then 0.8 else 0.3)
  z[t] ~ categorical(A[z[t - 1]])
}
for t in T { y[t] ~ normal(mu[z[t]] + 2 * w[t], 1) }
""",
    {"y": REAL[:3]},
    {
        "w": Discrete("bool[T]", (3,), (0, 1)),
        "z": Discrete("index(K)[T]", (3,), (0, 1)),
    },
)
CHANGE_POINT = Case(
    """
dim T
data y: int[T]
early ~ exponential(1)
late ~ exponential(1)
change ~ discrete_uniform(0, T - 1)
for t in T { y[t] ~ poisson(if t < change then early else late) }
""",
    {"y": COUNTS},
    {"change": Discrete("int", (), (0, 1, 2, 3, 4))},
)
TWO_CHANGE_POINTS = Case(
    """
dim T
data y: int[T]
rate[3] ~ exponential(1)
first: int<lower=0, upper=T - 1> ~ discrete_uniform(0, T - 2)
second: int<lower=0, upper=T - 1> ~ discrete_uniform(first, T - 1)
for t in T {
  y[t] ~ poisson(
    if t < first then rate[0] else if t < second then rate[1] else rate[2]
  )
}
""".replace("rate[3]", "rate[phase]").replace("dim T", "dim T, phase = 3"),
    {"y": COUNTS},
    {
        "first": Discrete("int<lower=0, upper=T - 1>", (), (0, 1, 2, 3), 5),
        "second": Discrete("int<lower=0, upper=T - 1>", (), (0, 1, 2, 3, 4)),
    },
)
N_MIXTURE = Case(
    """
dim site, visit
data y: int[site, visit]
rate ~ gamma(2, 1)
p ~ beta(2, 2)
abundance[site]: int<lower=0, upper=5> ~ poisson(rate)
for i in site {
  for v in visit { y[i, v] ~ binomial(abundance[i], p) }
}
""",
    {"y": np.array([[1, 2, 1], [0, 3, 0]])},
    {"abundance": Discrete("int<lower=0, upper=5>[site]", (2,), tuple(range(6)))},
)
OCCUPANCY = Case(
    """
dim N, site
data where: index(site)[N]
data seen: bool[N]
data x: real[site]
a ~ normal(0, 1)
p ~ beta(2, 2)
occupied[site] ~ bernoulli_logit(a + x)
for n in N { seen[n] ~ bernoulli(if occupied[where[n]] then p else 0.05) }
""",
    {
        "where": np.array([0, 1, 1, 0, 2, 1]),
        "seen": np.array([0, 1, 0, 0, 0, 1]),
        "x": np.array([0.3, -1.0, 0.5]),
    },
    {"occupied": Discrete("bool[site]", (3,), (0, 1))},
)
NESTED = Case(
    """
dim N, J, K = 2, L = 2
data group: index(J)[N]
data y: real[N]
weight[K] ~ dirichlet(rep(1.5, L))
mu[L] ~ normal(0, 1)
kind[J] ~ bernoulli(0.4)
z[n: N] ~ categorical(weight[int(kind[group[n]])])
x[n: N] ~ normal(mu[z[n]], 1)
y ~ normal(x, 0.5)
""",
    {"J": 2, "group": np.array([1, 0, 1]), "y": REAL[:3]},
    {
        "kind": Discrete("bool[J]", (2,), (0, 1)),
        "z": Discrete("index(L)[N]", (3,), (0, 1)),
    },
)
DEFINED = Case(
    """
dim N
data y: real[N]
data trials: int[N]
p ~ beta(2, 2)
b ~ normal(0, 1)
k[n: N]: int<lower=0, upper=3> ~ binomial(trials[n], p)
effect[n: N] = b * k[n]
centre[n: N] = effect[n] + 1
y ~ normal(centre, 1)
factor -0.1 * sum(b^2 * y over N)
total = sum(k over N)
""",
    {"y": REAL[:2], "trials": np.array([1, 5])},
    {"k": Discrete("int<lower=0, upper=3>[N]", (2,), (0, 1, 2, 3))},
)
PARTIAL = Case(
    """
dim T
data y: real[T]
m ~ normal(0, 1)
z[0] ~ bernoulli(0.5)
z[1] ~ bernoulli(0.2)
for t in 2..T { z[t] ~ bernoulli(if z[t - 1] then 0.7 else 0.1) }
for t in 0..T - 1 { y[t] ~ normal(if z[t + 1] then m else 0, 1) }
y[0] ~ normal(if z[T - 1] then m else -m, 1)
""",
    {"y": REAL[:4]},
    {"z": Discrete("bool[T]", (4,), (0, 1))},
)
ELSEWHERE = Case(
    """
dim T
data other: index(T)[T]
data y: real[T]
a ~ normal(0, 1)
z[0] ~ bernoulli(0.5)
for t in 1..T { z[t] ~ bernoulli(if z[t - 1] then 0.8 else 0.3) }
w[t: T] ~ bernoulli(0.4)
y[t: T] ~ normal(a * z[other[t]] + w[t], 1)
""",
    {"y": REAL[:3], "other": np.array([2, 0, 2])},
    {"z": Discrete("bool[T]", (3,), (0, 1)), "w": Discrete("bool[T]", (3,), (0, 1))},
)
PIECES = Case(
    """
dim T
data y: real[T]
a ~ normal(0, 1)
z[t: T] ~ bernoulli(0.4)
# three lines define this array, each for a part of it
change[0] = 0.0
change[1] = a
for t in 2..T { change[t] = if z[t] then a else z[t - 1] - 1 }
for t in T { y[t] ~ normal(if t == 0 then change[0] else change[t] + change[1], 1) }
""",
    {"y": REAL[:4]},
    {"z": Discrete("bool[T]", (4,), (0, 1))},
)
VECTORS = Case(
    """
dim N, D, K = 2, E = D
data y: real[N, D]
mu[K, D] ~ normal(0, 1)
L: cholesky_cov[D, E] ~ normal(0, 1)
w ~ beta(2, 2)
z[n: N] ~ bernoulli(w)
y[n: N] ~ multi_normal_cholesky(mu[int(z[n])], L)
""",
    {"y": REAL[:4].reshape(2, 2)},
    {"z": Discrete("bool[N]", (2,), (0, 1))},
)
RATERS = Case(
    """
dim N, item, rater, K = 2, truth = K
data of: index(item)[N]
data by: index(rater)[N]
data label: index(K)[N]
share ~ dirichlet(rep(1.5, K))
theta[rater, truth] ~ dirichlet(rep(1.5, K))
z[item] ~ categorical(share)
label[n: N] ~ categorical(theta[by[n], z[of[n]]])
""",
    {
        "item": 2,
        "rater": 2,
        "of": np.array([0, 0, 1, 1]),
        "by": np.array([0, 1, 0, 1]),
        "label": np.array([0, 1, 1, 1]),
    },
    {"z": Discrete("index(truth)[item]", (2,), (0, 1))},
)
VISITS = Case(
    """
dim patient, visit(patient)
data y: real[visit]
m ~ normal(0, 1)
z[patient] ~ bernoulli(0.3)
y[v: visit] ~ normal(if z[v] then m else 0, 1)
""",
    {"visit": [2, 1, 2], "y": REAL},
    {"z": Discrete("bool[patient]", (3,), (0, 1))},
)

CASES = {
    "mixture": MIXTURE,
    "hmm": HMM,
    "sequences": SEQUENCES,
    "switching": SWITCHING,
    "factorial": FACTORIAL,
    "change_point": CHANGE_POINT,
    "two_change_points": TWO_CHANGE_POINTS,
    "n_mixture": N_MIXTURE,
    "occupancy": OCCUPANCY,
    "nested": NESTED,
    "defined": DEFINED,
    "partial": PARTIAL,
    "elsewhere": ELSEWHERE,
    "pieces": PIECES,
    "vectors": VECTORS,
    "raters": RATERS,
    "visits": VISITS,
}
