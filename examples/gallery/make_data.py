"""Write the data of the gallery: `python examples/gallery/make_data.py`.

All are drawn from the models, or from what they describe, with one fixed seed each and
the parameters named here; the beetles are published figures. The files are kept in the
repository: this script documents them and need not be run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.random import Generator
from scipy.integrate import solve_ivp

HERE = Path(__file__).resolve().parent
Data = dict[str, Any]
Maker = Callable[[Generator], Data]
MAKERS: dict[str, Maker] = {}


def data_of(make: Maker) -> Maker:
    """Registers a function as the maker of the data of the model of its name."""
    MAKERS[make.__name__] = make
    return make


def logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(x)))


# ------------------------------------------------------------------ regressions


@data_of
def linear_regression(r: Generator) -> Data:
    """alpha = 1, beta = (0.8, -0.5, 0), sigma = 0.7."""
    X = r.normal(size=(80, 3))
    y = 1 + X @ [0.8, -0.5, 0] + 0.7 * r.normal(size=80)
    return {"X": X, "y": y}


@data_of
def logistic_regression(r: Generator) -> Data:
    """alpha = -0.3, beta = (1, -0.7)."""
    X = r.normal(size=(200, 2))
    y = r.uniform(size=200) < logistic(-0.3 + X @ [1, -0.7])
    return {"X": X, "y": y}


@data_of
def poisson_regression(r: Generator) -> Data:
    """alpha = -1, beta = (0.5, -0.3)."""
    X, exposure = r.normal(size=(120, 2)), r.uniform(1, 20, 120)
    y = r.poisson(exposure * np.exp(-1 + X @ [0.5, -0.3]))
    return {"X": X, "exposure": exposure, "y": y}


@data_of
def negative_binomial_regression(r: Generator) -> Data:
    """alpha = 1.5, beta = (0.6, -0.4), phi = 2."""
    X = r.normal(size=(150, 2))
    y = r.poisson(np.exp(1.5 + X @ [0.6, -0.4]) * r.gamma(2, 1 / 2, 150))
    return {"X": X, "y": y}


@data_of
def gamma_regression(r: Generator) -> Data:
    """alpha = 0.5, beta = (0.4, -0.6), shape = 3."""
    X = r.normal(size=(120, 2))
    y = r.gamma(3, np.exp(0.5 + X @ [0.4, -0.6]) / 3)
    return {"X": X, "y": y}


@data_of
def beta_regression(r: Generator) -> Data:
    """alpha = -0.5, beta = (0.7, 0.3), phi = 12."""
    X = r.normal(size=(100, 2))
    mean = logistic(-0.5 + X @ [0.7, 0.3])
    return {"X": X, "y": r.beta(12 * mean, 12 * (1 - mean))}


@data_of
def zero_inflated_counts(r: Generator) -> Data:
    """idle = 0.3, alpha = 0.2, beta = 0.4."""
    hours = r.uniform(0.5, 4, 150)
    y = r.poisson(np.exp(0.2 + 0.4 * hours)) * (r.uniform(size=150) > 0.3)
    return {"hours": hours, "y": y}


@data_of
def robust_regression(r: Generator) -> Data:
    """alpha = 0.5, beta = -1, sigma = 0.5, and six outliers."""
    x = r.uniform(-2, 2, 60)
    y = 0.5 - x + 0.5 * r.normal(size=60)
    y[::10] += r.normal(0, 6, 6)
    return {"x": x, "y": y}


@data_of
def shrinkage_regression(r: Generator) -> Data:
    """Three of fifteen predictors matter: 1.5, -1 and 0.7; sigma = 0.8."""
    X = r.normal(size=(100, 15))
    y = 0.3 + X[:, :3] @ [1.5, -1, 0.7] + 0.8 * r.normal(size=100)
    return {"X": X, "y": y}


@data_of
def ordinal_regression(r: Generator) -> Data:
    """beta = (1, -0.5), cuts at -2, -0.7, 0.6 and 1.8."""
    X = r.normal(size=(200, 2))
    line = X @ [1, -0.5] + r.logistic(size=200)
    return {"X": X, "answer": np.searchsorted([-2, -0.7, 0.6, 1.8], line)}


@data_of
def multinomial_logit(r: Generator) -> Data:
    """alpha = (0.5, -0.5), beta = ((1, 0), (-0.5, 0.8))."""
    X = r.normal(size=(250, 2))
    utility = np.column_stack([np.zeros(250), X @ [[1, -0.5], [0, 0.8]] + [0.5, -0.5]])
    return {"X": X, "chosen": np.argmax(utility + r.gumbel(size=(250, 3)), axis=1)}


@data_of
def seemingly_unrelated(r: Generator) -> Data:
    """Errors with scales 0.6 and 1.1, and a correlation of 0.6."""
    X = r.normal(size=(90, 2))
    errors = r.multivariate_normal([0, 0], [[0.36, 0.396], [0.396, 1.21]], 90)
    return {"X": X, "y": X @ [[0.8, -0.3], [0.2, 0.5]] + [0.5, -1] + errors}


@data_of
def missing_covariate(r: Generator) -> Data:
    """x = 0.5 + 0.8 w and y = 1 - 0.7 x, about 0.5; a sixth of the cells are gone."""
    w = r.normal(size=60)
    x = 0.5 + 0.8 * w + 0.5 * r.normal(size=60)
    y = 1 - 0.7 * x + 0.5 * r.normal(size=60)
    x[r.uniform(size=60) < 1 / 6] = np.nan
    y[r.uniform(size=60) < 1 / 6] = np.nan
    return {"x": x, "w": w, "y": y}


@data_of
def measurement_error(r: Generator) -> Data:
    """y = 0.5 + 1.2 x, sigma = 0.4; x is N(1, 1) and seen with errors of 0.2 to 0.8."""
    x, error = r.normal(1, 1, 60), r.uniform(0.2, 0.8, 60)
    y = 0.5 + 1.2 * x + 0.4 * r.normal(size=60)
    return {"x_seen": x + error * r.normal(size=60), "error": error, "y": y}


# -------------------------------------------------------------------- hierarchies


@data_of
def varying_intercepts(r: Generator) -> Data:
    """gamma = (1.3, 0.7), beta = -0.6, tau = 0.4, sigma = 0.7."""
    where = np.concatenate([np.arange(25), r.integers(0, 25, 225)])
    uranium, basement = r.normal(0, 0.5, 25), r.uniform(size=250) < 0.4
    alpha = 1.3 + 0.7 * uranium + 0.4 * r.normal(size=25)
    y = alpha[where] - 0.6 * basement + 0.7 * r.normal(size=250)
    return {"where": where, "basement": basement, "uranium": uranium, "log_radon": y}


@data_of
def correlated_slopes(r: Generator) -> Data:
    """Means (2.5, 0.3), scales (0.5, 0.2), a correlation of 0.4, sigma = 0.3."""
    cov = [[0.25, 0.04], [0.04, 0.04]]
    b = r.multivariate_normal([2.5, 0.3], cov, 18)
    who, day = np.repeat(np.arange(18), 8), np.tile(np.arange(8.0), 18)
    y = b[who, 0] + b[who, 1] * day + 0.3 * r.normal(size=len(who))
    return {"person": 18, "who": who, "day": day, "y": y}


@data_of
def crossed_effects(r: Generator) -> Data:
    """mu = 5, judges vary by 0.6, wines by 0.9, sigma = 0.8."""
    who, which = np.repeat(np.arange(9), 20), np.tile(np.arange(20), 9)
    severity, quality = 0.6 * r.normal(size=9), 0.9 * r.normal(size=20)
    y = 5 + quality[which] - severity[who] + 0.8 * r.normal(size=180)
    return {"judge": 9, "wine": 20, "who": who, "which": which, "rating": y}


@data_of
def rasch(r: Generator) -> Data:
    """Difficulties are N(0.3, 1)."""
    ability, difficulty = r.normal(size=60), r.normal(0.3, 1, 12)
    p = logistic(ability[:, None] - difficulty)
    return {"correct": r.uniform(size=p.shape) < p}


@data_of
def two_parameter_items(r: Generator) -> Data:
    """Discriminations between 0.6 and 2."""
    ability, difficulty = r.normal(size=80), r.normal(size=10)
    p = logistic(np.linspace(0.6, 2, 10) * (ability[:, None] - difficulty))
    return {"correct": r.uniform(size=p.shape) < p}


@data_of
def meta_analysis(r: Generator) -> Data:
    """The treatment changes the log odds of a death by -0.4, trials vary by 0.3."""
    treated, control = r.integers(40, 200, 12), r.integers(40, 200, 12)
    baseline, difference = r.normal(-1.5, 0.5, 12), r.normal(-0.4, 0.3, 12)
    return {
        "treated": treated,
        "treated_deaths": r.binomial(treated, logistic(baseline + difference)),
        "control": control,
        "control_deaths": r.binomial(control, logistic(baseline)),
    }


@data_of
def growth_curves(r: Generator) -> Data:
    """Final girths N(2, 0.3), half of it at 3 years, scale 1, sigma = 0.08."""
    years, final = np.linspace(0.5, 7, 8), r.normal(2, 0.3, 10)
    girth = final[:, None] * logistic(years - 3) + 0.08 * r.normal(size=(10, 8))
    return {"years": years, "girth": np.maximum(girth, 0.01)}


@data_of
def visits_of_patients(r: Generator) -> Data:
    """level = 1 + 0.5 age about 0.6, slope = 0.3, sigma = 0.4; 1 to 7 visits."""
    count, age = r.integers(1, 8, 25), r.normal(size=25)
    level = 1 + 0.5 * age + 0.6 * r.normal(size=25)
    years = [np.arange(n) + r.uniform(0, 0.5, n) for n in count]
    pairs = zip(level, years, strict=True)
    pressure = [a + 0.3 * t + 0.4 * r.normal(size=len(t)) for a, t in pairs]
    return {"year": years, "pressure": pressure, "age": age}


@data_of
def overdispersed_votes(r: Generator) -> Data:
    """Shares 0.5, 0.3 and 0.2 with a concentration of 20."""
    shares = r.dirichlet(20 * np.array([0.5, 0.3, 0.2]), 30)
    return {"votes": [r.multinomial(r.integers(80, 300), p) for p in shares]}


# ------------------------------------------------------------------------ survival


@data_of
def exponential_survival(r: Generator) -> Data:
    """A rate of exp(-1 + X beta), beta = (0.6, -0.4); the watch ends at 4."""
    X = r.normal(size=(120, 2))
    time = r.exponential(1 / np.exp(-1 + X @ [0.6, -0.4]))
    return {"X": X, "time": np.minimum(time, 4), "seen": time < 4}


@data_of
def weibull_survival(r: Generator) -> Data:
    """shape = 1.4, scale = exp(1 + 0.5 treated); the watch ends at 6."""
    treated = r.uniform(size=120) < 0.5
    time = np.exp(1 + 0.5 * treated) * r.weibull(1.4, 120)
    return {"treated": treated, "time": np.minimum(time, 6), "seen": time < 6}


# ------------------------------------------------------------------------ mixtures


@data_of
def two_component_mixture(r: Generator) -> Data:
    """weight = 0.35, mu = (-1, 1.5), sigma = (0.4, 0.7)."""
    is_first, z = r.uniform(size=150) < 0.35, r.normal(size=150)
    return {"y": np.where(is_first, -1 + 0.4 * z, 1.5 + 0.7 * z)}


@data_of
def component_mixture(r: Generator) -> Data:
    """weights 0.3, 0.5 and 0.2 at -3, 0 and 4, with scales of 0.6 to 1."""
    k, z = r.choice(3, 200, p=[0.3, 0.5, 0.2]), r.normal(size=200)
    return {"y": np.array([-3.0, 0, 4])[k] + np.array([0.6, 0.8, 1.0])[k] * z}


@data_of
def hidden_markov(r: Generator) -> Data:
    """Levels of -1 and 2 that last with 0.9 and 0.8, sigma = 0.7."""
    z = [0]
    for _ in range(149):
        z.append(z[-1] if r.uniform() < (0.9, 0.8)[z[-1]] else 1 - z[-1])
    return {"y": np.array([-1.0, 2.0])[z] + 0.7 * r.normal(size=150)}


@data_of
def change_point(r: Generator) -> Data:
    """Three disasters a year for 40 years, then one a year for 70."""
    return {"y": r.poisson(np.repeat([3.0, 1.0], [40, 70]))}


@data_of
def occupancy(r: Generator) -> Data:
    """psi = logit(0.2 + forest), birds that are there are seen with 0.4."""
    forest, visits = r.normal(size=100), r.integers(2, 6, 100)
    here = r.uniform(size=100) < logistic(0.2 + forest)
    return {
        "forest": forest,
        "visits": visits,
        "sights": r.binomial(visits, 0.4 * here),
    }


@data_of
def capture_recapture(r: Generator) -> Data:
    """survive = 0.8, detect = 0.5, seven occasions."""
    first, seen = r.integers(0, 6, 80), np.zeros((80, 7), bool)
    for animal, begin in enumerate(first):
        seen[animal, begin] = True
        for occasion in range(begin + 1, 7):
            if r.uniform() > 0.8:
                break
            seen[animal, occasion] = r.uniform() < 0.5
    last = [int(np.flatnonzero(row)[-1]) for row in seen]
    return {"first": first, "last": last, "seen": seen}


# -------------------------------------------------------------------- series, space


@data_of
def autoregression(r: Generator) -> Data:
    """alpha = 0.3, beta = (0.5, -0.3, 0.2), sigma = 0.6."""
    y = [0.3, 0.1, 0.5]
    for z in r.normal(size=147):
        y.append(0.3 + 0.5 * y[-1] - 0.3 * y[-2] + 0.2 * y[-3] + 0.6 * z)
    return {"y": y}


@data_of
def local_level(r: Generator) -> Data:
    """A walk of steps of 0.5 from 2, seen with an error of 0.5."""
    level = 2 + 0.5 * np.cumsum(r.normal(size=120))
    return {"y": level + 0.5 * r.normal(size=120)}


@data_of
def seasonal_series(r: Generator) -> Data:
    """Ten years that rise by 0.4 each, seasons of a sine, sigma = 0.4."""
    t = np.arange(120)
    year, when = (t - 60) / 12, t % 12
    y = 3 + 0.4 * year + np.sin(when * np.pi / 6) + 0.4 * r.normal(size=120)
    return {"when": when, "year": year, "y": y}


@data_of
def garch_t(r: Generator) -> Data:
    """mu = 0.1, alpha0 = 0.2, alpha1 = 0.3, beta1 = 0.5, and t with 6 degrees."""
    s, y = 1.0, []
    for z in r.standard_t(6, 250):
        y.append(0.1 + s * z)
        s = float(np.sqrt(0.2 + 0.3 * (y[-1] - 0.1) ** 2 + 0.5 * s**2))
    return {"y": y}


@data_of
def stochastic_volatility(r: Generator) -> Data:
    """mu = -1, phi = 0.95, sigma = 0.25."""
    h, z = [-1.0], r.normal(size=(2, 200))
    for step in z[0, 1:]:
        h.append(-1 + 0.95 * (h[-1] + 1) + 0.25 * step)
    return {"y": np.exp(np.array(h) / 2) * z[1]}


@data_of
def gaussian_process(r: Generator) -> Data:
    """sin(2 x) on [-2, 2] with an error of 0.3."""
    x = np.sort(r.uniform(-2, 2, 30))
    return {"x": x, "y": np.sin(2 * x) + 0.3 * r.normal(size=30)}


@data_of
def hilbert_space_process(r: Generator) -> Data:
    """A bump and a slope on [-1, 1], with an error of 0.5."""
    x = np.linspace(-1, 1, 120)
    f = np.exp(-((x - 0.3) ** 2) / 0.05) + 0.5 * x
    return {"x": x, "y": f - f.mean() + 0.5 * r.normal(size=120)}


@data_of
def spatial_icar(r: Generator) -> Data:
    """A lattice of 6 by 6 districts, with a slope from west to east."""
    district = np.arange(36).reshape(6, 6)
    across = np.stack([district[:, :-1].ravel(), district[:, 1:].ravel()])
    down = np.stack([district[:-1].ravel(), district[1:].ravel()])
    left, right = np.concatenate([across, down], axis=1)
    expected = r.uniform(3, 20, 36)
    rate = np.exp(
        0.1 + 0.2 * (np.tile(np.arange(6), 6) - 2.5) + 0.1 * r.normal(size=36)
    )
    cases = r.poisson(expected * rate)
    return {"left": left, "right": right, "expected": expected, "cases": cases}


# ------------------------------------------------------------------------ equations


def solved(slope: Callable[..., Any], start: Any, t: Any) -> Any:
    result = solve_ivp(slope, (0, max(t)), start, t_eval=t, rtol=1e-9, atol=1e-9)
    return result.y.T


@data_of
def epidemic(r: Generator) -> Data:
    """763 pupils of whom one is ill, beta = 1.7, gamma = 0.45, phi = 15."""
    t = np.arange(1.0, 15)

    def slope(_: float, z: Any) -> Any:
        new = 1.7 * z[0] * z[1]
        return [-new, new - 0.45 * z[1], 0.45 * z[1]]

    mean = 763 * solved(slope, [762 / 763, 1 / 763, 0], t)[:, 1]
    in_bed = r.poisson(mean * r.gamma(15, 1 / 15, 14))
    return {"t": t, "pupils": 763.0, "in_bed": in_bed}


@data_of
def predator_prey(r: Generator) -> Data:
    """birth = 0.55, hunt = 0.028, death = 0.8, feed = 0.024, from (33, 6)."""
    t = np.arange(1.0, 16)

    def slope(_: float, z: Any) -> Any:
        return [(0.55 - 0.028 * z[1]) * z[0], (0.024 * z[0] - 0.8) * z[1]]

    z = solved(slope, [33, 6], t)
    return {"t": t, "y": z * np.exp(0.2 * r.normal(size=z.shape))}


@data_of
def pharmacokinetics(r: Generator) -> Data:
    """Rates about 1.2 and 0.3 an hour, a volume of 4, errors of 0.15."""
    t, dose = np.array([0.5, 1, 2, 4, 7, 10]), r.uniform(60, 140, 12)
    absorb, clear = np.exp(np.log([1.2, 0.3])[:, None] + 0.3 * r.normal(size=(2, 12)))
    factor = (dose * absorb / (absorb - clear))[:, None]
    amount = factor * (np.exp(-np.outer(clear, t)) - np.exp(-np.outer(absorb, t)))
    return {
        "t": t,
        "dose": dose,
        "concentration": amount / 4 * np.exp(0.15 * r.normal(size=amount.shape)),
    }


@data_of
def stiff_kinetics(r: Generator) -> Data:
    """Robertson's rates, 0.04, 1e4 and 3e7, and errors of 0.02."""
    t = np.geomspace(0.3, 3000, 12)

    def slope(_: float, z: Any) -> Any:
        there, back, on = 0.04 * z[0], 1e4 * z[1] * z[2], 3e7 * z[1] ** 2
        return [back - there, there - back - on, on]

    span, start = (0, max(t)), [1.0, 0, 0]
    z = solve_ivp(slope, span, start, "Radau", t, rtol=1e-8, atol=1e-12).y.T
    share = z + 0.02 * r.normal(size=z.shape)
    return {"t": t, "usual": [0.04, 1e4, 3e7], "share": share}


@data_of
def dose_response(_: Generator) -> Data:
    """Beetles and carbon disulphide (Bliss 1935), doses about their mean in log."""
    dose = np.array([1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839])
    return {
        "log_dose": 10 * (dose - dose.mean()),
        "beetles": [59, 60, 62, 56, 63, 59, 62, 60],
        "killed": [6, 13, 18, 28, 52, 53, 61, 60],
    }


# ---------------------------------------------------------------------------- files


def plain(value: Any) -> Any:
    """Arrays as lists, numbers with seven digits, missing cells as null."""
    if isinstance(value, np.ndarray | list):
        return [plain(v) for v in value]
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else float(f"{value:.7g}")
    return value.item() if isinstance(value, np.generic) else value


def text_of(name: str) -> str:
    """The file of a model's data."""
    made = MAKERS[name](np.random.default_rng(crc32(name.encode())))
    lines = [f"  {json.dumps(k)}: {json.dumps(plain(v))}" for k, v in made.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    for name in MAKERS:
        (HERE / f"{name}.data.json").write_text(text_of(name), "utf-8")


if __name__ == "__main__":
    main()
