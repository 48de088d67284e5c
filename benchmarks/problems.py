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
from attrs import field, frozen

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


def _eight_schools() -> Problem:
    data = _read("eight_schools-eight_schools_noncentered")
    return Problem(
        "eight_schools",
        MODELS / "eight_schools_noncentered.gml",
        data,
        ("theta", "mu", "tau"),
        "eight_schools",
        {n: np.asarray(data[n], float) for n in ("y", "sigma")},
    )


def _garch() -> Problem:
    data = _read("garch-garch11")
    return Problem(
        "garch11",
        MODELS / "garch11.gml",
        data,
        ("mu", "alpha0", "alpha1", "beta1"),
        "garch",
        {"y": np.asarray(data["y"], float), "sigma1": float(data["sigma1"])},
    )


def _linear(
    name: str,
    folder: str,
    response: np.ndarray,
    columns: list[np.ndarray],
    data: Data,
    **priors: float,
) -> Problem:
    """The same posterior for peers as a regression on a matrix of predictors.

    A scale of 0 means a flat prior.
    """
    X = np.stack([np.ones(len(response)), *columns], axis=1).astype(float)
    scales = {"beta_scale": 0.0, "sigma_scale": 0.0} | priors
    names = ("alpha", "beta", "sigma") if name == "arK" else ("beta", "sigma")
    peer_data = {"X": X, "y": np.asarray(response, float), **scales}
    return Problem(name, MODELS / f"{folder}.gml", data, names, "linear", peer_data)


def _nes() -> Problem:
    d = _read("nes1972-nes")
    ages = [d["age_discrete"] == code for code in (2, 3, 4)]
    columns = [d["real_ideo"], d["race_adj"], *ages, d["educ1"], d["gender"]]
    columns.append(d["income"])
    return _linear("nes1972", "nes", d["partyid7"], columns, d)


def _mesquite() -> Problem:
    d = _read("mesquite-mesquite")
    names = ("diam1", "diam2", "canopy_height", "total_height", "density", "group")
    return _linear("mesquite", "mesquite", d["weight"], [d[n] for n in names], d)


def _autoregression() -> Problem:
    d = _read("arK-arK")
    y, order = d["y"], int(d["K"])
    lags = [y[order - k : len(y) - k] for k in range(1, order + 1)]
    scales = {"beta_scale": 10.0, "sigma_scale": 2.5}
    return _linear("arK", "arK", y[order:], lags, d, **scales)


def _kidscore() -> Problem:
    d = _read("kidiq-kidscore_interaction")
    columns = [d["mom_hs"], d["mom_iq"], d["mom_hs"] * d["mom_iq"]]
    name = "kidscore_interaction"
    return _linear(name, name, d["kid_score"], columns, d, sigma_scale=2.5)


def _earnings() -> Problem:
    d = _read("earnings-logearn_interaction")
    columns = [d["height"], d["male"], d["height"] * d["male"]]
    name = "logearn_interaction"
    return _linear(name, name, np.log(d["earn"]), columns, d)


_MAKERS: dict[str, Callable[[], Problem]] = {
    "logistic": _logistic,
    "eight_schools": _eight_schools,
    "nes1972": _nes,
    "mesquite": _mesquite,
    "arK": _autoregression,
    "kidscore_interaction": _kidscore,
    "garch11": _garch,
    "logearn_interaction": _earnings,
}

PROBLEMS = tuple(_MAKERS)


def problem(name: str) -> Problem:
    """The posterior of a name.

    Raises
    ------
    FileNotFoundError
        Where posteriordb's data are not there.
    """
    return _MAKERS[name]()
