"""Survival, mixtures, series, space and equations of the gallery, written out."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special, stats
from scipy.integrate import solve_ivp

from .families import (
    gamma,
    half_normal_of,
    inv_gamma,
    lognormal,
    neg_binomial_2,
    norm,
    student_t,
    total,
)

Values = dict[str, Any]


def exponential_survival(v: Values, d: Values) -> float:
    times = stats.expon(scale=np.exp(-v["alpha"] - d["X"] @ v["beta"]))
    events = np.where(d["seen"], times.logpdf(d["time"]), times.logsf(d["time"]))
    return total(norm(v["alpha"], 0, 2), norm(v["beta"], 0, 1), events)


def weibull_survival(v: Values, d: Values) -> float:
    scale = np.exp(v["alpha"] + v["effect"] * d["treated"])
    times = stats.weibull_min(v["shape"], scale=scale)
    events = np.where(d["seen"], times.logpdf(d["time"]), times.logsf(d["time"]))
    prior = gamma(v["shape"], 4, 4), norm(v["alpha"], 1, 1), norm(v["effect"])
    return total(*prior, events)


def dose_response(v: Values, d: Values) -> float:
    poisoned = v["top"] * special.expit(v["slope"] * (d["log_dose"] - v["middle"]))
    p = v["bottom"] + (1 - v["bottom"]) * poisoned
    prior = (
        stats.beta.logpdf(v["bottom"], 1, 9),
        stats.beta.logpdf(v["top"], 9, 1),
        norm(v["middle"]),
        lognormal(v["slope"], 1, 1),
    )
    return total(*prior, stats.binom.logpmf(d["killed"], d["beetles"], p))


# ------------------------------------------------------------------------ mixtures


def two_component_mixture(v: Values, d: Values) -> float:
    weights = np.array([v["weight"], 1 - v["weight"]])
    parts = np.log(weights) + norm(d["y"][:, None], v["mu"], v["sigma"])
    prior = norm(v["mu"], 0, 3), half_normal_of(v["sigma"], 1)
    weight = stats.beta.logpdf(v["weight"], 2, 2)
    return total(*prior, weight, special.logsumexp(parts, axis=1))


def component_mixture(v: Values, d: Values) -> float:
    parts = np.log(v["weight"]) + norm(d["y"][:, None], v["mu"], v["sigma"])
    prior = norm(v["mu"], 0, 5), half_normal_of(v["sigma"], 1)
    weight = stats.dirichlet.logpdf(v["weight"], [4, 4, 4])
    return total(*prior, weight, special.logsumexp(parts, axis=1))


def hidden_markov(v: Values, d: Values) -> float:
    """By products of matrices, scaled at each step."""
    stay = v["stay"]
    move = np.array([[stay[0], 1 - stay[0]], [1 - stay[1], stay[1]]])
    seen = np.exp(norm(d["y"][:, None], v["mu"], v["sigma"]))
    state, score = np.full(2, 0.5) * seen[0], 0.0
    for row in seen[1:]:
        score += np.log(state.sum())
        state = state / state.sum() @ move * row
    score += np.log(state.sum())
    prior = stats.beta.logpdf(stay, 8, 2), norm(v["mu"], 0, 3)
    return total(*prior, half_normal_of(v["sigma"], 1), score)


def change_point(v: Values, d: Values) -> float:
    y, years = d["y"], np.arange(len(d["y"]))
    joint = [
        stats.poisson.logpmf(y, np.where(years < s, v["early"], v["late"])).sum()
        for s in years
    ]
    prior = stats.expon.logpdf(v["early"]), stats.expon.logpdf(v["late"])
    return total(*prior, special.logsumexp(joint) - np.log(len(y)))


def occupancy(v: Values, d: Values) -> float:
    here = special.expit(v["alpha"] + v["beta"] * d["forest"])
    seen = here * stats.binom.pmf(d["sights"], d["visits"], v["detect"])
    prior = norm(v["alpha"], 0, 1.5), norm(v["beta"], 0, 1.5)
    return total(*prior, np.log(seen + (1 - here) * (d["sights"] == 0)))


def capture_recapture(v: Values, d: Values) -> float:
    """For each animal the sum over the occasions it may have been alive for."""
    survive, detect, score = v["survive"], v["detect"], 0.0
    for first, history in zip(d["first"], d["seen"], strict=True):
        last, p = len(history) - 1, 0.0
        for end in range(first, last + 1):
            alive, later = history[first + 1 : end + 1], history[end + 1 :]
            if later.any():
                continue
            dies = 1.0 if end == last else 1 - survive
            sights = np.prod(np.where(alive, detect, 1 - detect))
            p += survive ** (end - first) * dies * sights
        score += np.log(p)
    return score


# -------------------------------------------------------------------- series, space


def autoregression(v: Values, d: Values) -> float:
    y = d["y"]
    lags = np.column_stack([y[2:-1], y[1:-2], y[:-3]])
    prior = norm(v["alpha"]), norm(v["beta"], 0, 0.5), half_normal_of(v["sigma"], 1)
    return total(*prior, norm(y[3:], v["alpha"] + lags @ v["beta"], v["sigma"]))


def local_level(v: Values, d: Values) -> float:
    """As one normal distribution of all that was seen."""
    steps = np.arange(len(d["y"]))
    walk = 25 + v["drift"] ** 2 * np.minimum.outer(steps, steps)
    cov = walk + v["sigma"] ** 2 * np.eye(len(steps))
    prior = half_normal_of(v["drift"], 1), half_normal_of(v["sigma"], 1)
    return total(*prior, stats.multivariate_normal(cov=cov).logpdf(d["y"]))


def seasonal_series(v: Values, d: Values) -> float:
    mean = v["alpha"] + v["slope"] * d["year"] + v["season"][d["when"]]
    prior = norm(v["alpha"], 0, 5), norm(v["slope"]), half_normal_of(v["spread"], 1)
    more = norm(v["season"], 0, v["spread"]), half_normal_of(v["sigma"], 1)
    return total(*prior, *more, norm(d["y"], mean, v["sigma"]))


def garch_t(v: Values, d: Values) -> float:
    s = [1.0]
    for y in d["y"][:-1]:
        shock = v["alpha1"] * (y - v["mu"]) ** 2
        s.append(np.sqrt(v["alpha0"] + shock + v["beta1"] * s[-1] ** 2))
    prior = norm(v["mu"]), half_normal_of(v["alpha0"], 1), gamma(v["nu"], 2, 0.1)
    return total(*prior, student_t(d["y"], v["nu"] + 2, v["mu"], np.array(s)))


def stochastic_volatility(v: Values, d: Values) -> float:
    h = [v["mu"] + v["sigma"] / np.sqrt(1 - v["phi"] ** 2) * v["z"][0]]
    for z in v["z"][1:]:
        h.append(v["mu"] + v["phi"] * (h[-1] - v["mu"]) + v["sigma"] * z)
    prior = (
        norm(v["mu"], 0, 2),
        norm(v["phi"], 0.9, 0.1),
        half_normal_of(v["sigma"], 0.5),
    )
    return total(*prior, norm(v["z"]), norm(d["y"], 0, np.exp(np.array(h) / 2)))


def gaussian_process(v: Values, d: Values) -> float:
    apart = np.subtract.outer(d["x"], d["x"]) / v["length_scale"]
    cov = v["height"] ** 2 * np.exp(-0.5 * apart**2)
    cov += (v["sigma"] ** 2 + 1e-9) * np.eye(len(cov))
    prior = inv_gamma(v["length_scale"], 5, 5), half_normal_of(v["height"], 1)
    score = stats.multivariate_normal(cov=cov).logpdf(d["y"])
    return total(*prior, half_normal_of(v["sigma"], 1), score)


def hilbert_space_process(v: Values, d: Values) -> float:
    frequency, half = np.arange(1, 13) * np.pi / 3, 1.5
    density = np.sqrt(2 * np.pi) * v["length_scale"] * v["height"] ** 2
    density = density * np.exp(-0.5 * (v["length_scale"] * frequency) ** 2)
    basis = np.sin(np.outer(d["x"] + half, frequency)) / np.sqrt(half)
    prior = lognormal(v["length_scale"], -1.5, 0.3), half_normal_of(v["height"], 1)
    more = half_normal_of(v["sigma"], 1), norm(v["z"])
    f = basis @ (np.sqrt(density) * v["z"])
    return total(*prior, *more, norm(d["y"], f, v["sigma"]))


def spatial_icar(v: Values, d: Values) -> float:
    theta, phi = v["theta"], v["phi"]
    log_rate = v["alpha"] + v["smooth"] * phi + v["rough"] * theta
    prior = (
        norm(v["alpha"]),
        half_normal_of(v["smooth"], 1),
        half_normal_of(v["rough"], 1),
    )
    neighbours = -0.5 * (phi[d["left"]] - phi[d["right"]]) ** 2
    cases = stats.poisson.logpmf(d["cases"], d["expected"] * np.exp(log_rate))
    return total(*prior, norm(theta), neighbours, cases)


# ------------------------------------------------------------------------ equations


def solved(slope: Any, start: Any, t: Any) -> Any:
    result = solve_ivp(slope, (0, max(t)), start, "DOP853", t, rtol=1e-11, atol=1e-11)
    return result.y.T


def epidemic(v: Values, d: Values) -> float:
    pupils = float(d["pupils"])

    def slope(_: float, z: Any) -> Any:
        new = v["beta"] * z[0] * z[1]
        return [-new, new - v["gamma"] * z[1], v["gamma"] * z[1]]

    ill = solved(slope, [1 - 1 / pupils, 1 / pupils, 0], d["t"])[:, 1]
    prior = half_normal_of(v["beta"], 2), half_normal_of(v["gamma"], 1)
    cases = neg_binomial_2(d["in_bed"], pupils * np.maximum(ill, 1e-9), v["phi"])
    return total(*prior, gamma(v["phi"], 2, 0.1), cases)


def predator_prey(v: Values, d: Values) -> float:
    def slope(_: float, z: Any) -> Any:
        hares = (v["birth"] - v["hunt"] * z[1]) * z[0]
        return [hares, (v["feed"] * z[0] - v["death"]) * z[1]]

    z = solved(slope, v["start"], d["t"])
    prior = (
        lognormal(v["birth"], -0.5, 0.5),
        lognormal(v["hunt"], -3, 1),
        lognormal(v["death"], -0.5, 0.5),
        lognormal(v["feed"], -3, 1),
        lognormal(v["start"], 2.5, 1),
        half_normal_of(v["sigma"], 0.5),
    )
    return total(*prior, lognormal(d["y"], np.log(z), v["sigma"]))


def pharmacokinetics(v: Values, d: Values) -> float:
    """By the closed form of the amount in the blood."""
    clear, extra = np.exp(v["log_rate"]).T
    absorb = clear + extra
    decay = np.exp(-np.outer(clear, d["t"])) - np.exp(-np.outer(absorb, d["t"]))
    amount = (d["dose"] * absorb / extra)[:, None] * decay
    prior = norm(v["typical"]), lognormal(v["spread"], -1, 0.5)
    volume = lognormal(v["volume"], 1, 0.5)
    rates = norm(v["log_rate"], v["typical"], v["spread"])
    mean = np.log(np.maximum(amount, 1e-9) / v["volume"])
    seen = lognormal(d["concentration"], mean, v["sigma"])
    return total(*prior, volume, half_normal_of(v["sigma"], 0.3), rates, seen)


def stiff_kinetics(v: Values, d: Values) -> float:
    a, b, c = d["usual"] * np.exp(v["log_factor"])

    def slope(_: float, z: Any) -> Any:
        there, back, on = a * z[0], b * z[1] * z[2], c * z[1] ** 2
        return [back - there, there - back - on, on]

    span, t = (0, max(d["t"])), d["t"]
    z = solve_ivp(slope, span, [1.0, 0, 0], "Radau", t, rtol=1e-8, atol=1e-12).y.T
    prior = norm(v["log_factor"], 0, 0.5), half_normal_of(v["sigma"], 0.1)
    return total(*prior, norm(d["share"], z, v["sigma"]))


PROCESSES = {
    f.__name__: f
    for f in (
        exponential_survival, weibull_survival, dose_response, two_component_mixture,
        component_mixture, hidden_markov, change_point, occupancy, capture_recapture,
        autoregression, local_level, seasonal_series, garch_t, stochastic_volatility,
        gaussian_process, hilbert_space_process, spatial_icar, epidemic,
        predator_prey, pharmacokinetics, stiff_kinetics,
    )
}  # fmt: skip
