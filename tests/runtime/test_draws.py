from __future__ import annotations

import numpy as np
import pytest

from gml.diagnostics.diagnostic import GmlError
from tests.runtime.fits import SchoolsSource, independent, schools


def test_draws_are_chain_draw_shape() -> None:
    positions = independent(draws=4, chains=3)
    draws = schools(positions).draws
    assert draws["theta"].shape == (3, 4, 3)
    assert draws["mu"].shape == (3, 4)
    for chain in range(3):
        for draw in range(4):
            np.testing.assert_array_equal(
                draws["theta"][chain, draw], positions[draw, 2:, chain]
            )
            assert draws["tau"][chain, draw] == np.exp(positions[draw, 1, chain])


def test_each_variable_is_computed_once() -> None:
    fit = schools()
    assert isinstance(fit.source, SchoolsSource)
    assert fit.draws["theta"] is fit.draws["theta"]
    fit.draws.compute(["theta", "mu"])
    assert fit.source.calls == [("theta",), ("mu",)]


def test_local_variables_are_there_but_not_listed() -> None:
    draws = schools().draws
    assert list(draws) == ["mu", "tau", "theta", "twice", "y_new"]
    assert len(draws) == 5
    assert draws["hidden"].shape == (16, 100)


def test_unknown_name_offers_a_near_one() -> None:
    draws = schools().draws
    assert "thetta" not in draws
    with pytest.raises(KeyError, match="no draws of `thetta`; did you mean `theta`"):
        draws["thetta"]
    with pytest.raises(GmlError):
        draws["thetta"]
    assert draws.get("thetta") is None


def test_repr_says_what_there_is() -> None:
    assert repr(schools().draws) == (
        "<Draws of mu, tau, theta[school], twice[school], y_new[school]: "
        "16 chains of 100 draws>"
    )
    assert repr(schools()) == (
        "<Fit of schools by hmc: 16 chains of 100 draws, seed 7>"
    )
