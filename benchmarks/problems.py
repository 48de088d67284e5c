"""The posteriors that GML and its peers both sample, with their data.

The yardstick's logistic regression is simulated; the others are posteriordb's, whose
data are looked for in shared/posteriordb beside this checkout.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "benchmarks" / "models"
POSTERIORDB = ROOT.parent / "shared" / "posteriordb"

Data = dict[str, Any]


@frozen
class Problem:
    """One posterior.

    Attributes
    ----------
    model, data
        For GML: the model's file, and the data that it declares.
    names
        GML's variables, in the order in which peers report theirs.
    kind, peer_data
        For peers: see benchmarks/peers/exchange.py.
    """

    name: str
    model: Path
    data: Data = field(repr=False)
    names: tuple[str, ...]
    kind: str
    peer_data: Data = field(repr=False)

    def save_for_peers(self, path: Path) -> None:
        np.savez(path, kind=self.kind, **self.peer_data)


def yardstick_data() -> tuple[np.ndarray, np.ndarray]:
    """The data set of the yardstick: 200 rows, 10 columns, seed 0."""
    rng = np.random.default_rng(0)
    X = np.ascontiguousarray(rng.normal(size=(200, 10)).astype(np.float32))
    coefficients = rng.normal(size=10)
    y = rng.uniform(size=200) < 1 / (1 + np.exp(-X @ coefficients))
    return X, y


def _logistic() -> Problem:
    X, y = yardstick_data()
    return Problem(
        "logistic",
        MODELS / "logistic.gml",
        {"X": X, "y": y},
        ("b",),
        "logistic",
        {"X": X, "y": y.astype(np.int64)},
    )


def _read(folder: str) -> Data:
    path = POSTERIORDB / folder / "data.json"
    arrays = json.loads(path.read_text("utf-8"))
    return {n: np.asarray(v) if isinstance(v, list) else v for n, v in arrays.items()}


def _eight_schools(name: str) -> Problem:
    data = _read("eight_schools-eight_schools_noncentered")
    return Problem(
        name,
        MODELS / "eight_schools_noncentered.gml",
        data,
        ("theta", "mu", "tau"),
        "eight_schools",
        {n: np.asarray(data[n], float) for n in ("y", "sigma")},
    )


def _garch(name: str) -> Problem:
    data = _read("garch-garch11")
    return Problem(
        name,
        MODELS / "garch11.gml",
        data,
        ("mu", "alpha0", "alpha1", "beta1"),
        "garch",
        {"y": np.asarray(data["y"], float), "sigma1": float(data["sigma1"])},
    )


def _mixture(name: str) -> Problem:
    data = _read(name)
    names, y = ("mu", "sigma", "theta"), np.asarray(data["y"], float)
    model = MODELS / "low_dim_gauss_mix.gml"
    return Problem(name, model, data, names, "mixture", {"y": y})


@frozen
class Regression:
    """A linear regression on a matrix of predictors, as peers see it.

    `predictors` leaves out the constant. Of priors, a scale of 0 means a flat one;
    sigma's is half-Cauchy, or half-normal.
    """

    model: str
    response: Callable[[Data], Any]
    predictors: Callable[[Data], list[Any]]
    names: tuple[str, ...] = ("beta", "sigma")
    has_constant: bool = True
    beta_prior: Callable[[Data], tuple[Any, Any]] = lambda data: (0.0, 0.0)
    half_cauchy: float = 0.0
    half_normal: float = 0.0

    def problem(self, name: str, folder: str) -> Problem:
        d = _read(folder)
        y = np.asarray(self.response(d), float)
        columns = [np.ones(len(y))] if self.has_constant else []
        X = np.stack([*columns, *self.predictors(d)], axis=1).astype(float)
        location, scale = (
            np.broadcast_to(np.asarray(prior, float), X.shape[1])
            for prior in self.beta_prior(d)
        )
        peer_data = {
            "X": X,
            "y": y,
            "beta_location": location,
            "beta_scale": scale,
            "half_cauchy": self.half_cauchy,
            "half_normal": self.half_normal,
        }
        model = MODELS / f"{self.model}.gml"
        return Problem(name, model, d, self.names, "linear", peer_data)


def _columns(*names: str) -> Callable[[Data], list[Any]]:
    return lambda d: [d[name] for name in names]


def _log_weight(d: Data) -> Any:
    return np.log(d["weight"])


def _log_earnings(d: Data) -> Any:
    return np.log(d["earn"])


def _lags(d: Data) -> list[Any]:
    y, order = d["y"], int(d["K"])
    return [y[order - k : len(y) - k] for k in range(1, order + 1)]


def _interaction(d: Data) -> list[Any]:
    return [d["mom_hs"], d["mom_iq"], d["mom_hs"] * d["mom_iq"]]


def _centred_interaction(d: Data) -> list[Any]:
    h, q = (d[name] - d[name].mean() for name in ("mom_hs", "mom_iq"))
    return [h, q, h * q]


def _election(d: Data) -> list[Any]:
    ages = [d["age_discrete"] == code for code in (2, 3, 4)]
    return [
        d["real_ideo"],
        d["race_adj"],
        *ages,
        *(d[name] for name in ("educ1", "gender", "income")),
    ]


def _leaves(*chosen: str) -> Callable[[Data], list[Any]]:
    """Logarithms of a bush's volume, area, shape, height; and its group."""

    def predictors(d: Data) -> list[Any]:
        columns = {
            "volume": np.log(d["diam1"] * d["diam2"] * d["canopy_height"]),
            "area": np.log(d["diam1"] * d["diam2"]),
            "shape": np.log(d["diam1"] / d["diam2"]),
            "height": np.log(d["total_height"]),
            "group": d["group"],
        }
        return [columns[name] for name in chosen]

    return predictors


def _response(name: str) -> Callable[[Data], Any]:
    return lambda d: d[name]


_SCORE, _WEIGHT = _response("kid_score"), _response("weight")
_MESQUITE = ("diam1", "diam2", "canopy_height", "total_height", "density", "group")
_NES = Regression("nes", _response("partyid7"), _election)

_REGRESSIONS = {
    "arK-arK": Regression(
        "arK",
        lambda d: d["y"][int(d["K"]) :],
        _lags,
        ("alpha", "beta", "sigma"),
        beta_prior=lambda d: (0.0, 10.0),
        half_cauchy=2.5,
    ),
    "earnings-earn_height": Regression(
        "earn_height", _response("earn"), _columns("height")
    ),
    "earnings-logearn_height": Regression(
        "logearn_height", _log_earnings, _columns("height")
    ),
    "earnings-logearn_height_male": Regression(
        "logearn_height_male", _log_earnings, _columns("height", "male")
    ),
    "earnings-logearn_interaction": Regression(
        "logearn_interaction",
        _log_earnings,
        lambda d: [d["height"], d["male"], d["height"] * d["male"]],
    ),
    "kidiq-kidscore_interaction": Regression(
        "kidscore_interaction", _SCORE, _interaction, half_cauchy=2.5
    ),
    "kidiq-kidscore_momhs": Regression(
        "kidscore_momhs", _SCORE, _columns("mom_hs"), half_cauchy=2.5
    ),
    "kidiq-kidscore_momhsiq": Regression(
        "kidscore_momhsiq", _SCORE, _columns("mom_hs", "mom_iq"), half_cauchy=2.5
    ),
    "kidiq-kidscore_momiq": Regression(
        "kidscore_momiq", _SCORE, _columns("mom_iq"), half_cauchy=2.5
    ),
    "kidiq_with_mom_work-kidscore_interaction_c": Regression(
        "kidscore_interaction_c", _SCORE, _centred_interaction
    ),
    "kilpisjarvi_mod-kilpisjarvi": Regression(
        "kilpisjarvi",
        _response("y"),
        _columns("x"),
        ("alpha", "beta", "sigma"),
        beta_prior=lambda d: (
            (d["pmualpha"], d["pmubeta"]),
            (d["psalpha"], d["psbeta"]),
        ),
    ),
    "mesquite-logmesquite_logva": Regression(
        "logmesquite_logva", _log_weight, _leaves("volume", "area", "group")
    ),
    "mesquite-logmesquite_logvash": Regression(
        "logmesquite_logvash",
        _log_weight,
        _leaves("volume", "area", "shape", "height", "group"),
    ),
    "mesquite-logmesquite_logvolume": Regression(
        "logmesquite_logvolume", _log_weight, _leaves("volume")
    ),
    "mesquite-mesquite": Regression("mesquite", _WEIGHT, _columns(*_MESQUITE)),
    "nes1972-nes": _NES,
    "nes1980-nes": _NES,
    "nes1988-nes": _NES,
    "nes2000-nes": _NES,
    "sblri-blr": Regression(
        "blr",
        _response("y"),
        lambda d: list(d["X"].T),
        has_constant=False,
        beta_prior=lambda d: (0.0, 10.0),
        half_normal=10.0,
    ),
}

_OTHERS: dict[str, Callable[[str], Problem]] = {
    "eight_schools-eight_schools_noncentered": _eight_schools,
    "garch-garch11": _garch,
    "low_dim_gauss_mix-low_dim_gauss_mix": _mixture,
}

# What peers.py compares by itself, under shorter names.
_SHORT_NAMES = {
    "eight_schools": "eight_schools-eight_schools_noncentered",
    "nes1972": "nes1972-nes",
    "mesquite": "mesquite-mesquite",
    "arK": "arK-arK",
    "kidscore_interaction": "kidiq-kidscore_interaction",
    "garch11": "garch-garch11",
    "logearn_interaction": "earnings-logearn_interaction",
}

PROBLEMS = ("logistic", *_SHORT_NAMES)
"""What peers.py compares by itself."""
PUBLISHED = (*_REGRESSIONS, *_OTHERS)
"""The posteriors of posteriordb that peers are posed."""


def problem(name: str) -> Problem:
    """The posterior of a name: one of PROBLEMS, or posteriordb's own.

    Raises
    ------
    FileNotFoundError
        Where posteriordb's data are not there.
    """
    if name == "logistic":
        return _logistic()
    folder = _SHORT_NAMES.get(name, name)
    if folder in _OTHERS:
        return evolve(_OTHERS[folder](folder), name=name)
    return _REGRESSIONS[folder].problem(name, folder)
