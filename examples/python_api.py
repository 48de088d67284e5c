"""Fit eight schools from Python: `python examples/python_api.py`."""

from __future__ import annotations

from pathlib import Path

import gml

HERE = Path(__file__).resolve().parent


def main() -> None:
    model = gml.load(HERE / "eight_schools.gml")
    posterior = model.bind(HERE / "eight_schools.data.json")
    fit = posterior.sample("hmc", seed=1)
    print(fit.summary())
    theta = fit.draws["theta"]  # (chain, draw, school)
    best = (theta[..., 0] == theta.max(axis=-1)).mean()
    print(f"probability that the first school's effect is the largest: {best:.2f}")


if __name__ == "__main__":
    main()
