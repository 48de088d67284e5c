"""Weights of centring by draws whose best coordinates are known."""

from __future__ import annotations

import numpy as np
import pytest

from gml.runtime.centring import (
    LEAST_GAIN,
    Coordinates,
    best_weights,
    describe_weights,
)

RNG = np.random.default_rng(11)
DRAWS = 512
LOG_SCALE = RNG.normal(-0.5, 0.7, DRAWS)
SHIFT = RNG.normal(2.0, 0.5, DRAWS)


def coordinates(x: np.ndarray) -> Coordinates:
    """Of elements (n, draws) with one location and scale."""
    shift, log_scale = (np.broadcast_to(a, x.shape) for a in (SHIFT, LOG_SCALE))
    return Coordinates((x - shift) / np.exp(log_scale), shift, log_scale)


def test_what_data_say_nothing_of_is_not_centred():
    z = RNG.normal(size=(4, DRAWS))
    x = SHIFT + np.exp(LOG_SCALE) * z
    np.testing.assert_array_equal(best_weights(coordinates(x), np.ones(4)), 0.0)
    assert best_weights(coordinates(x), np.zeros(4)) is None


def test_what_data_say_all_of_is_centred():
    x = np.array([[0.3], [2.0], [-1.0]]) + 0.05 * RNG.normal(size=(3, DRAWS))
    np.testing.assert_array_equal(best_weights(coordinates(x), np.zeros(3)), 1.0)
    assert best_weights(coordinates(x), np.ones(3)) is None


def test_each_element_has_a_weight_of_its_own():
    rich = 1.0 + 0.05 * RNG.normal(size=(1, DRAWS))
    poor = SHIFT + np.exp(LOG_SCALE) * RNG.normal(size=(1, DRAWS))
    found = best_weights(coordinates(np.concatenate([rich, poor])), np.full(2, 0.5))
    np.testing.assert_array_equal(found, [1.0, 0.0])


def test_between_there_is_a_weight_between():
    """A normal with known scale whose datum weighs as much as its prior: VIP's case."""
    scale = np.exp(LOG_SCALE)
    datum, precision = 1.5, 2.0
    mean = (SHIFT / scale**2 + precision * datum) / (1 / scale**2 + precision)
    sd = (1 / scale**2 + precision) ** -0.5
    x = (mean + sd * RNG.normal(size=(1, DRAWS))).reshape(1, -1)
    found = best_weights(coordinates(x), np.zeros(1))
    assert 0.1 < float(found[0]) < 0.9


def test_a_flat_choice_changes_nothing():
    """An element without a location and scale of its own: every weight is the same."""
    nothing = np.zeros((2, DRAWS))
    own = Coordinates(RNG.normal(size=(2, DRAWS)), nothing, nothing)
    assert best_weights(own, np.zeros(2)) is None


def test_numbers_that_are_not_finite_leave_a_weight_as_it_is():
    x = np.stack([np.full(DRAWS, np.nan), 1.0 + 0.01 * RNG.normal(size=DRAWS)])
    np.testing.assert_array_equal(
        best_weights(coordinates(x), np.array([0.25, 0.0])), [0.25, 1.0]
    )


def test_the_divergence_falls_by_what_is_gained():
    """By the definition: of normals with the draws' moments, in nats an element."""
    x = 1.0 + 0.05 * RNG.normal(size=(1, DRAWS))
    made = coordinates(x)
    divergences = []
    for weight in (0.0, 1.0):
        u = made.weighted(np.array(weight))
        # -entropy(u) = -entropy(x) - mean log |du/dx|, and cross entropy log sd(u)
        slope = (weight - 1) * LOG_SCALE
        divergences.append(float(np.log(u.std()) - slope.mean()))
    assert divergences[1] < divergences[0] - LEAST_GAIN


class Named:
    @property
    def parts(self):
        return {"a": slice(2), "b": slice(2, 3), "c": slice(3, 5), "d": slice(5, 7)}


def test_words():
    weights = np.array([0.0, 0.0, 1.0, 0.25, 0.75, 0.5, 0.5])
    first, second, third, fourth = describe_weights(Named(), weights)
    assert first == "`a` was sampled non-centred, by what the warm-up found"
    assert second == "`b` was sampled centred, by what the warm-up found"
    assert "`c` was sampled centred by 0.25 to 0.75, 0.5 in the mean" in third
    assert "`d` was sampled centred by 0.5 (0 is non-centred, 1 centred)" in fourth


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_positions_of_a_weight(weight):
    made = Coordinates(*(np.array([[a]]) for a in (2.0, 3.0, np.log(4.0))))
    np.testing.assert_allclose(
        made.weighted(np.array([[weight]])), weight * 3 + 4**weight * 2
    )
