"""Regressions and hierarchies of the gallery, written out with NumPy and SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special, stats

from .families import (
    bernoulli_logit,
    binomial_logit,
    gamma,
    half_normal_of,
    lkj_cholesky_2,
    lognormal,
    neg_binomial_2,
    norm,
    student_t,
    total,
)

Values = dict[str, Any]


def linear_regression(v: Values, d: Values) -> float:
    mean = v["alpha"] + d["X"] @ v["beta"]
    prior = norm(v["alpha"], 0, 5), norm(v["beta"], 0, 2), half_normal_of(v["sigma"], 2)
    return total(*prior, norm(d["y"], mean, v["sigma"]))


def logistic_regression(v: Values, d: Values) -> float:
    eta = v["alpha"] + d["X"] @ v["beta"]
    prior = norm(v["alpha"], 0, 2.5), norm(v["beta"], 0, 2.5)
    return total(*prior, bernoulli_logit(d["y"], eta))


def poisson_regression(v: Values, d: Values) -> float:
    mean = d["exposure"] * np.exp(v["alpha"] + d["X"] @ v["beta"])
    prior = norm(v["alpha"], 0, 2), norm(v["beta"], 0, 1)
    return total(*prior, stats.poisson.logpmf(d["y"], mean))


def negative_binomial_regression(v: Values, d: Values) -> float:
    mean = np.exp(v["alpha"] + d["X"] @ v["beta"])
    prior = norm(v["alpha"], 0, 3), norm(v["beta"], 0, 1), gamma(v["phi"], 2, 0.5)
    return total(*prior, neg_binomial_2(d["y"], mean, v["phi"]))


def gamma_regression(v: Values, d: Values) -> float:
    mean = np.exp(v["alpha"] + d["X"] @ v["beta"])
    prior = norm(v["alpha"], 0, 2), norm(v["beta"], 0, 1), gamma(v["shape"], 2, 0.5)
    return total(*prior, gamma(d["y"], v["shape"], v["shape"] / mean))


def beta_regression(v: Values, d: Values) -> float:
    mean = special.expit(v["alpha"] + d["X"] @ v["beta"])
    prior = norm(v["alpha"], 0, 2), norm(v["beta"], 0, 1), gamma(v["phi"], 2, 0.1)
    shapes = mean * v["phi"], (1 - mean) * v["phi"]
    return total(*prior, stats.beta.logpdf(d["y"], *shapes))


def zero_inflated_counts(v: Values, d: Values) -> float:
    rate = np.exp(v["alpha"] + v["beta"] * d["hours"])
    fished = np.log1p(-v["idle"]) + stats.poisson.logpmf(d["y"], rate)
    none = np.logaddexp(np.log(v["idle"]), fished)
    prior = norm(v["alpha"], 0, 2), norm(v["beta"], 0, 1)
    return total(*prior, np.where(d["y"] == 0, none, fished))


def robust_regression(v: Values, d: Values) -> float:
    mean = v["alpha"] + v["beta"] * d["x"]
    prior = norm(v["alpha"], 0, 5), norm(v["beta"], 0, 2), half_normal_of(v["sigma"], 2)
    terms = gamma(v["nu"], 2, 0.1), student_t(d["y"], v["nu"], mean, v["sigma"])
    return total(*prior, *terms)


def shrinkage_regression(v: Values, d: Values) -> float:
    scales = half_normal_of(v["tau"], 1), half_normal_of(v["lambda"], 1)
    prior = norm(v["alpha"], 0, 2), norm(v["beta"], 0, v["tau"] * v["lambda"])
    mean = v["alpha"] + d["X"] @ v["beta"]
    terms = half_normal_of(v["sigma"], 2), norm(d["y"], mean, v["sigma"])
    return total(*scales, *prior, *terms)


def ordinal_regression(v: Values, d: Values) -> float:
    line = d["X"] @ v["beta"]
    cuts = np.concatenate([[-np.inf], v["c"], [np.inf]])
    below = special.expit(cuts[d["answer"] + 1] - line)
    above = special.expit(cuts[d["answer"]] - line)
    prior = norm(v["beta"], 0, 1), norm(v["c"], 0, 3)
    return total(*prior, np.log(below - above))


def multinomial_logit(v: Values, d: Values) -> float:
    utility = np.column_stack(
        [np.zeros(len(d["X"])), v["alpha"] + d["X"] @ v["beta"].T]
    )
    log_p = special.log_softmax(utility, axis=1)
    prior = norm(v["alpha"], 0, 2), norm(v["beta"], 0, 1)
    return total(*prior, log_p[np.arange(len(log_p)), d["chosen"]])


def seemingly_unrelated(v: Values, d: Values) -> float:
    root = v["scale"][:, None] * v["L"]
    mean = v["alpha"] + d["X"] @ v["beta"].T
    errors = d["y"] - mean
    scores = stats.multivariate_normal(np.zeros(2), root @ root.T).logpdf(errors)
    prior = norm(v["alpha"], 0, 2), norm(v["beta"], 0, 1), half_normal_of(v["scale"], 1)
    return total(*prior, lkj_cholesky_2(v["L"], 2), scores)


def missing_covariate(v: Values, d: Values) -> float:
    x, y = d["x"].copy(), d["y"].copy()
    x[np.isnan(x)], y[np.isnan(y)] = v["x_missing"], v["y_missing"]
    prior = norm(v["gamma0"]), norm(v["gamma1"]), half_normal_of(v["spread"], 1)
    more = norm(v["alpha"], 0, 2), norm(v["beta"], 0, 2), half_normal_of(v["sigma"], 1)
    terms = (
        norm(x, v["gamma0"] + v["gamma1"] * d["w"], v["spread"]),
        norm(y, v["alpha"] + v["beta"] * x, v["sigma"]),
    )
    return total(*prior, *more, *terms)


def measurement_error(v: Values, d: Values) -> float:
    prior = norm(v["mu"], 0, 2), half_normal_of(v["tau"], 2)
    more = norm(v["alpha"], 0, 2), norm(v["beta"], 0, 2), half_normal_of(v["sigma"], 1)
    terms = (
        norm(v["x"], v["mu"], v["tau"]),
        norm(d["x_seen"], v["x"], d["error"]),
        norm(d["y"], v["alpha"] + v["beta"] * v["x"], v["sigma"]),
    )
    return total(*prior, *more, *terms)


# -------------------------------------------------------------------- hierarchies


def varying_intercepts(v: Values, d: Values) -> float:
    typical = v["gamma0"] + v["gamma1"] * d["uranium"]
    mean = v["alpha"][d["where"]] + v["beta"] * d["basement"]
    prior = norm(v["gamma0"], 0, 2), norm(v["gamma1"]), norm(v["beta"])
    scales = half_normal_of(v["tau"], 1), half_normal_of(v["sigma"], 1)
    terms = norm(v["alpha"], typical, v["tau"]), norm(d["log_radon"], mean, v["sigma"])
    return total(*prior, *scales, *terms)


def correlated_slopes(v: Values, d: Values) -> float:
    root = v["scale"][:, None] * v["L"]
    people = stats.multivariate_normal(v["mean_effect"], root @ root.T)
    b = v["b"][d["who"]]
    mean = b[:, 0] + b[:, 1] * d["day"]
    prior = norm(v["mean_effect"], 0, 2), half_normal_of(v["scale"], 1)
    more = half_normal_of(v["sigma"], 1), lkj_cholesky_2(v["L"], 2)
    return total(*prior, *more, people.logpdf(v["b"]), norm(d["y"], mean, v["sigma"]))


def crossed_effects(v: Values, d: Values) -> float:
    mean = v["mu"] + v["quality"][d["which"]] - v["severity"][d["who"]]
    names = "judge_scale", "wine_scale", "sigma"
    prior = norm(v["mu"], 0, 5), *(half_normal_of(v[name], 1) for name in names)
    effects = (
        norm(v["severity"], 0, v["judge_scale"]),
        norm(v["quality"], 0, v["wine_scale"]),
    )
    return total(*prior, *effects, norm(d["rating"], mean, v["sigma"]))


def rasch(v: Values, d: Values) -> float:
    eta = v["ability"][:, None] - v["difficulty"]
    prior = norm(v["mean_difficulty"]), half_normal_of(v["spread"], 1)
    items = norm(v["difficulty"], v["mean_difficulty"], v["spread"])
    return total(*prior, items, norm(v["ability"]), bernoulli_logit(d["correct"], eta))


def two_parameter_items(v: Values, d: Values) -> float:
    eta = v["discrimination"] * (v["ability"][:, None] - v["difficulty"])
    prior = norm(v["ability"]), norm(v["difficulty"])
    slopes = lognormal(v["discrimination"], 0, 0.5)
    return total(*prior, slopes, bernoulli_logit(d["correct"], eta))


def meta_analysis(v: Values, d: Values) -> float:
    prior = (
        norm(v["effect"]),
        half_normal_of(v["tau"], 0.5),
        norm(v["baseline"], -1, 1.5),
    )
    after = v["baseline"] + v["difference"]
    terms = (
        norm(v["difference"], v["effect"], v["tau"]),
        binomial_logit(d["control_deaths"], d["control"], v["baseline"]),
        binomial_logit(d["treated_deaths"], d["treated"], after),
    )
    return total(*prior, *terms)


def growth_curves(v: Values, d: Values) -> float:
    prior = (
        norm(v["height"], 2, 1),
        half_normal_of(v["tau"], 1),
        norm(v["middle"], 2, 1),
    )
    more = lognormal(v["scale"], 0, 0.5), half_normal_of(v["sigma"], 0.5)
    shape = special.expit((d["years"] - v["middle"]) / v["scale"])
    terms = (
        norm(v["final"], v["height"], v["tau"]),
        norm(d["girth"], v["final"][:, None] * shape, v["sigma"]),
    )
    return total(*prior, *more, *terms)


def visits_of_patients(v: Values, d: Values) -> float:
    typical = v["alpha"] + v["by_age"] * d["age"]
    mean = v["level"][d["visit_patient"]] + v["slope"] * d["year"]
    prior = norm(v["alpha"], 0, 2), norm(v["by_age"]), norm(v["slope"])
    scales = half_normal_of(v["tau"], 1), half_normal_of(v["sigma"], 1)
    terms = norm(v["level"], typical, v["tau"]), norm(d["pressure"], mean, v["sigma"])
    return total(*prior, *scales, *terms)


def overdispersed_votes(v: Values, d: Values) -> float:
    prior = stats.dirichlet.logpdf(v["share"], np.ones(len(v["share"])))
    alpha = v["concentration"] * v["share"]
    votes = d["votes"]
    terms = stats.dirichlet_multinomial.logpmf(votes, alpha, votes.sum(axis=1))
    return total(prior, gamma(v["concentration"], 2, 0.1), terms)


REGRESSIONS = {
    f.__name__: f
    for f in (
        linear_regression, logistic_regression, poisson_regression,
        negative_binomial_regression, gamma_regression, beta_regression,
        zero_inflated_counts, robust_regression, shrinkage_regression,
        ordinal_regression, multinomial_logit, seemingly_unrelated,
        missing_covariate, measurement_error, varying_intercepts, correlated_slopes,
        crossed_effects, rasch, two_parameter_items, meta_analysis, growth_curves,
        visits_of_patients, overdispersed_votes,
    )
}  # fmt: skip
