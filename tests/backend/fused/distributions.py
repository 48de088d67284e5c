"""One program with several distributions of the library, each in a dim of its own.

Where the sizes of all dims but one are zero, the score is that of one distribution:
so a single compiled kernel serves all of them, one after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

CATEGORIES = 3

Value = dict[str, Any]


@frozen(eq=False)
class Family:
    """A distribution: its real arguments, all latent, and whole numbers, all known.

    `real` and `known` are types by argument, the value's (`x`, or `k` for an index)
    among them; `values` are what a discrete one is observed to be, each beside the
    known arguments that go with it.
    """

    name: str
    real: dict[str, str]
    known: dict[str, str] = field(factory=dict)
    values: tuple[Value, ...] = ({},)

    @property
    def dim(self) -> str:
        return f"I_{self.name}"

    def named(self, argument: str) -> str:
        return f"{self.name}_{argument}"

    def lines(self) -> Iterable[str]:
        yield f"dim {self.dim}"
        for argument, kind in self.known.items():
            yield f"data {self.named(argument)}: {kind}[{self.dim}]"
        for argument, kind in self.real.items():
            # A vector of reals has its dim on the left; a simplex is one value.
            of_reals = kind.endswith("[K]") and not kind.startswith("simplex")
            dims = f"{self.dim}, K" if of_reals else self.dim
            element = kind.removesuffix("[K]") if of_reals else kind
            yield f"{self.named(argument)}[{dims}]: {element} ~ flat()"
        yield f"for i in {self.dim} {{ factor {self.term()} }}"

    def term(self) -> str:
        # Whole numbers come first: binomial(n, p).
        arguments = [*self.known, *self.real]
        value = "x" if "x" in arguments else "k"
        given = ", ".join(f"{self.named(a)}[i]" for a in arguments if a != value)
        member = "logpmf" if value in self.known else "logpdf"
        return f"{self.name}({given}).{member}({self.named(value)}[i])"

    def data(self, values: Sequence[Value]) -> dict[str, Any]:
        """With an element for each of some `values`."""
        columns = {a: [value[a] for value in values] for a in self.known}
        return {self.dim: len(values)} | {self.named(a): c for a, c in columns.items()}

    def without(self) -> dict[str, Any]:
        """With no element."""
        return {self.dim: 0} | {self.named(a): np.zeros(0, int) for a in self.known}


REAL, POSITIVE, UNIT = "real", "real<lower=0>", "real<lower=0, upper=1>"
COUNT = "int<lower=0>"
INFLATED = {"pi": UNIT}
LOCATED = {"mu": REAL, "sigma": POSITIVE}
COUNTS = tuple({"x": x} for x in (0, 1, 2, 7, 8, 30, 1000, 10**6))
FAILURE_SUCCESS = ({"x": False}, {"x": True})
TRIALS = tuple(
    {"n": n, "x": x}
    for n, x in ((0, 0), (1, 0), (1, 1), (10, 3), (10, 10), (1000, 500), (10**6, 7))
)
CHOICES = tuple({"k": k} for k in range(CATEGORIES))

FAMILIES = (
    Family("normal", LOCATED | {"x": REAL}),
    Family("half_normal", {"sigma": POSITIVE, "x": POSITIVE}),
    Family("lognormal", LOCATED | {"x": POSITIVE}),
    Family("student_t", {"nu": POSITIVE} | LOCATED | {"x": REAL}),
    Family("half_student_t", {"nu": POSITIVE, "sigma": POSITIVE, "x": POSITIVE}),
    Family("cauchy", LOCATED | {"x": REAL}),
    Family("half_cauchy", {"sigma": POSITIVE, "x": POSITIVE}),
    Family("exponential", {"rate": POSITIVE, "x": POSITIVE}),
    Family("gamma", {"shape": POSITIVE, "rate": POSITIVE, "x": POSITIVE}),
    Family("inv_gamma", {"shape": POSITIVE, "scale": POSITIVE, "x": POSITIVE}),
    Family("beta", {"a": POSITIVE, "b": POSITIVE, "x": UNIT}),
    Family("laplace", LOCATED | {"x": REAL}),
    Family("logistic", LOCATED | {"x": REAL}),
    Family("weibull", {"alpha": POSITIVE, "sigma": POSITIVE, "x": POSITIVE}),
    Family("uniform", {"a": REAL, "b": REAL, "x": REAL}),
    Family("flat", {"x": REAL}),
    Family("std_normal", {"x": REAL}),
    Family("skew_normal", {"xi": REAL, "omega": POSITIVE, "alpha": REAL, "x": REAL}),
    Family("exp_mod_normal", LOCATED | {"lambda": POSITIVE, "x": REAL}),
    Family("gumbel", {"mu": REAL, "beta": POSITIVE, "x": REAL}),
    Family("skew_double_exponential", LOCATED | {"tau": UNIT, "x": REAL}),
    Family("chi_square", {"nu": POSITIVE, "x": POSITIVE}),
    Family("inv_chi_square", {"nu": POSITIVE, "x": POSITIVE}),
    Family("scaled_inv_chi_square", {"nu": POSITIVE, "scale": POSITIVE, "x": POSITIVE}),
    Family("beta_proportion", {"mu": UNIT, "kappa": POSITIVE, "x": UNIT}),
    Family("kumaraswamy", {"a": POSITIVE, "b": POSITIVE, "x": UNIT}),
    Family("pareto", {"minimum": POSITIVE, "alpha": POSITIVE, "x": POSITIVE}),
    Family(
        "pareto_type_2",
        {"mu": REAL, "lambda": POSITIVE, "alpha": POSITIVE, "x": REAL},
    ),
    Family("frechet", {"alpha": POSITIVE, "sigma": POSITIVE, "x": POSITIVE}),
    Family("rayleigh", {"sigma": POSITIVE, "x": POSITIVE}),
    Family("loglogistic", {"alpha": POSITIVE, "beta": POSITIVE, "x": POSITIVE}),
    Family("dirichlet", {"alpha": f"{POSITIVE}[K]", "x": "simplex[K]"}),
    Family("bernoulli", {"p": UNIT}, {"x": "bool"}, FAILURE_SUCCESS),
    Family("von_mises", {"mu": REAL, "kappa": POSITIVE, "x": REAL}),
    Family("bernoulli_logit", {"eta": REAL}, {"x": "bool"}, FAILURE_SUCCESS),
    Family("binomial", {"p": UNIT}, {"n": COUNT, "x": COUNT}, TRIALS),
    Family("binomial_logit", {"eta": REAL}, {"n": COUNT, "x": COUNT}, TRIALS),
    Family("poisson", {"rate": POSITIVE}, {"x": COUNT}, COUNTS),
    Family("poisson_log", {"eta": REAL}, {"x": COUNT}, COUNTS),
    Family("neg_binomial_2", {"mu": POSITIVE, "phi": POSITIVE}, {"x": COUNT}, COUNTS),
    Family("neg_binomial_2_log", {"eta": REAL, "phi": POSITIVE}, {"x": COUNT}, COUNTS),
    Family("geometric", {"p": UNIT}, {"x": COUNT}, COUNTS),
    Family(
        "beta_binomial",
        {"a": POSITIVE, "b": POSITIVE},
        {"n": COUNT, "x": COUNT},
        TRIALS,
    ),
    Family(
        "beta_neg_binomial",
        {"r": POSITIVE, "alpha": POSITIVE, "beta": POSITIVE},
        {"x": COUNT},
        COUNTS,
    ),
    Family("neg_binomial", {"alpha": POSITIVE, "beta": POSITIVE}, {"x": COUNT}, COUNTS),
    Family(
        "zero_inflated_poisson", INFLATED | {"rate": POSITIVE}, {"x": COUNT}, COUNTS
    ),
    Family(
        "zero_inflated_neg_binomial_2",
        INFLATED | {"mu": POSITIVE, "phi": POSITIVE},
        {"x": COUNT},
        COUNTS,
    ),
    Family("hurdle_poisson", INFLATED | {"rate": POSITIVE}, {"x": COUNT}, COUNTS),
    Family("categorical", {"p": "simplex[K]"}, {"k": "index(K)"}, CHOICES),
    Family("categorical_logit", {"logits": "real[K]"}, {"k": "index(K)"}, CHOICES),
)


def program(families: Iterable[Family]) -> str:
    """The text of all of them."""
    lines = [f"dim K = {CATEGORIES}"]
    for family in families:
        lines += family.lines()
    return "\n".join([*lines, ""])


def data(
    families: Iterable[Family], chosen: Family, values: Sequence[Value]
) -> dict[str, Any]:
    """Data under which only one of them has elements."""
    given: dict[str, Any] = {}
    for family in families:
        given |= family.data(values) if family is chosen else family.without()
    return given
