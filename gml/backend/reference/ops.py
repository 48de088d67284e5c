"""What each primitive means: NumPy functions over float64, int64 and bool arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from gml.backend.reference import special
from gml.backend.reference.special import Values

_LOG_HALF = -0.6931471805599453


def _number(x: Values) -> Values:
    """Bools count as 0 and 1 in arithmetic."""
    return x.astype(np.int64) if x.dtype == np.bool_ else x


def _arithmetic(function: Callable[..., Values]) -> Callable[..., Values]:
    def apply(*arguments: Values) -> Values:
        return function(*map(_number, arguments))

    return apply


def _floating(function: Callable[..., Values]) -> Callable[..., Values]:
    def apply(*arguments: Values) -> Values:
        return function(*(x.astype(np.float64, copy=False) for x in arguments))

    return apply


def _exactly(_: Values, value: Values) -> Values:
    """Float64 is the measure of what rounding leaves out."""
    return np.zeros_like(value)


def sigmoid(x: Values) -> Values:
    """1 / (1 + exp(-x)) without overflow on either side."""
    small = np.exp(-np.abs(x))
    value: Values = np.where(x < 0, small, 1.0) / (1 + small)
    return value


def softplus(x: Values) -> Values:
    """log(1 + exp(x)) without overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def log1m_exp(x: Values) -> Values:
    """log(1 - exp(x)) for x <= 0: the form without cancellation on each side."""
    near_zero = np.log(-np.expm1(x))
    far = np.log1p(-np.exp(x))
    return np.where(x > _LOG_HALF, near_zero, far)


PRIMITIVE_FUNCTIONS: dict[str, Callable[..., Values]] = {
    "add": _arithmetic(np.add),
    "subtract": _arithmetic(np.subtract),
    "multiply": _arithmetic(np.multiply),
    "divide": _floating(np.divide),
    "negate": _arithmetic(np.negative),
    "square": _arithmetic(np.square),
    "power": _floating(np.power),
    "abs": _arithmetic(np.abs),
    "minimum": _arithmetic(np.minimum),
    "maximum": _arithmetic(np.maximum),
    "floor": _floating(np.floor),
    "ceil": _floating(np.ceil),
    "sqrt": _floating(np.sqrt),
    "exp": _floating(np.exp),
    "log": _floating(np.log),
    "log1p": _floating(np.log1p),
    "expm1": _floating(np.expm1),
    "sigmoid": _floating(sigmoid),
    "softplus": _floating(softplus),
    "log_add_exp": _floating(np.logaddexp),
    "log1m_exp": _floating(log1m_exp),
    "sin": _floating(np.sin),
    "cos": _floating(np.cos),
    "tan": _floating(np.tan),
    "atan": _floating(np.arctan),
    "tanh": _floating(np.tanh),
    "erf": special.erf,
    "erfc": special.erfc,
    "lgamma": special.lgamma,
    "digamma": special.digamma,
    "trigamma": special.trigamma,
    "exp_rounding": _exactly,
    "reciprocal_rounding": _exactly,
    "tangent": lambda slope, x: np.zeros(np.broadcast_shapes(slope.shape, x.shape)),
    "select": np.where,
    "less": np.less,
    "less_equal": np.less_equal,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "real": lambda x: x.astype(np.float64),
    "int": lambda x: x.astype(np.int64),
}
"""Primitive to function of its arguments' values, which broadcast."""


_NO_COUNT = np.iinfo(np.int64).min
"""Drawn where an argument makes no sense, as in a branch not taken: NumPy raises."""


def _gamma(rng: Generator, shape: tuple[int, ...], alpha: Values) -> Values:
    return rng.standard_gamma(np.where(alpha >= 0, alpha, np.nan), shape)


def _poisson(rng: Generator, shape: tuple[int, ...], rate: Values) -> Values:
    is_rate = rate >= 0
    # NumPy refuses rates beyond what an int64 count can hold.
    draws = rng.poisson(np.where(is_rate, np.minimum(rate, 9e18), 0.0), shape)
    return np.where(is_rate, draws, _NO_COUNT)


def _binomial(rng: Generator, shape: tuple[int, ...], n: Values, p: Values) -> Values:
    is_valid = (n >= 0) & (n < 2.0**63) & ~np.isnan(p)
    trials = np.where(is_valid, n, 0).astype(np.int64)
    # A probability may leave its range by a last digit.
    draws = rng.binomial(trials, np.where(is_valid, np.clip(p, 0, 1), 0.0), shape)
    return np.where(is_valid, draws, _NO_COUNT)


def _hypergeometric(
    rng: Generator, shape: tuple[int, ...], marked: Values, others: Values, n: Values
) -> Values:
    """The number of marked items among n; NumPy takes no more than 10^9 of each."""
    is_valid = (marked >= 0) & (others >= 0) & (n >= 0) & (n <= marked + others)
    is_valid &= (marked < 1e9) & (others < 1e9)
    good, bad, sample = (
        np.where(is_valid, a, 0).astype(np.int64) for a in (marked, others, n)
    )
    return np.where(is_valid, rng.hypergeometric(good, bad, sample, shape), _NO_COUNT)


def _von_mises(rng: Generator, shape: tuple[int, ...], kappa: Values) -> Values:
    is_valid = kappa >= 0
    draws = rng.vonmises(0.0, np.where(is_valid, kappa, 0.0), shape)
    return np.where(is_valid, draws, np.nan)


DRAW_FUNCTIONS: dict[str, Callable[..., Values]] = {
    "draw_uniform": lambda rng, shape: rng.random(shape),
    "draw_normal": lambda rng, shape: rng.standard_normal(shape),
    "draw_exponential": lambda rng, shape: rng.standard_exponential(shape),
    "draw_gamma": _gamma,
    "draw_poisson": _poisson,
    "draw_binomial": _binomial,
    "draw_hypergeometric": _hypergeometric,
    "draw_von_mises": _von_mises,
}
"""Impure primitive to function of a generator, the shape to draw, and arguments."""
