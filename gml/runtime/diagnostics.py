"""Convergence diagnostics: R-hat, effective sample size, Monte Carlo error, E-BFMI.

Draws are arrays (chain, draw, n), or (chain, draw) for one quantity; a result has one
number for each of the n. The definitions are those of Vehtari, Gelman, Simpson,
Carpenter and Buerkner (2021) and of Margossian et al. (2024), in the details of
arviz-stats, so that the numbers can be compared with everybody else's.
Quantities are treated one after another: a column of many chains fills the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

from gml.runtime.normal_quantile import normal_quantile

Floats = NDArray[np.float64]
Order = NDArray[np.intp]

MIN_DRAWS = 4  # two in each half of a chain: fewer have no variance
TAIL_PROBABILITIES = (0.05, 0.95)


@frozen
class Convergence:
    """The diagnostics that a summary shows, each an array (n,)."""

    mcse_mean: Floats
    ess_bulk: Floats
    ess_tail: Floats
    r_hat: Floats


def diagnose(draws: ArrayLike) -> Convergence:
    """Every diagnostic of a summary at once, sharing the work between them."""
    columns = [
        (*_rank_diagnostics(column), _ess_tail(column), _mcse_mean(column))
        for column in _columns(draws)
    ]
    table = np.array(columns, dtype=float).reshape(-1, 4).T
    return Convergence(
        r_hat=table[0], ess_bulk=table[1], ess_tail=table[2], mcse_mean=table[3]
    )


def split_rhat(draws: ArrayLike) -> Floats:
    """Rank-normalised split R-hat: the larger of the bulk's and the folded draws'.

    Parameters
    ----------
    draws
        Array (chain, draw, n) or (chain, draw).

    Returns
    -------
    Array (n,). NaN for draws with a NaN, constant draws, one chain or less than four
    draws.
    """
    return _each(draws, lambda column: _rank_rhat(column, _rhat))


def rhat_and_ess(draws: ArrayLike) -> tuple[Floats, Floats]:
    """`split_rhat` and `ess_bulk`, which share the work of ranking."""
    pairs = [_rank_diagnostics(column) for column in _columns(draws)]
    r_hat, ess = np.array(pairs, dtype=float).reshape(-1, 2).T
    return r_hat, ess


def nested_rhat(draws: ArrayLike, superchains: ArrayLike) -> Floats:
    """Rank-normalised split nested R-hat, for many short chains.

    Parameters
    ----------
    draws
        Array (chain, draw, n) or (chain, draw).
    superchains
        The superchain of each chain, as an integer; all of one size, at least two.
    """
    group = np.asarray(superchains)
    members = np.stack([np.flatnonzero(group == k) for k in np.unique(group)])
    half_chains = np.concatenate([members, members + len(group)], axis=1)
    return _each(
        draws, lambda column: _rank_rhat(column, lambda z: _nested(z[half_chains]))
    )


def ess_bulk(draws: ArrayLike) -> Floats:
    """Effective sample size of the rank-normalised draws: the centre's."""
    return _each(draws, lambda column: _rank_diagnostics(column)[1])


def ess_tail(draws: ArrayLike) -> Floats:
    """Smaller effective sample size of the 5% and the 95% quantile."""
    return _each(draws, _ess_tail)


def ess_mean(draws: ArrayLike) -> Floats:
    """Effective sample size for estimating the mean."""
    return _each(draws, lambda column: _ess(_split(column)))


def mcse_mean(draws: ArrayLike) -> Floats:
    """Monte Carlo standard error of the mean."""
    return _each(draws, _mcse_mean)


def bfmi(energy: ArrayLike) -> Floats:
    """Estimated Bayesian fraction of missing information of each chain.

    Parameters
    ----------
    energy
        Array (chain, draw). Values below 0.3 say that the momentum's energy changes
        too little between draws to explore the tails (Betancourt 2016).
    """
    values = np.asarray(energy, dtype=float)
    if values.shape[1] < 2:
        return np.full(len(values), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        change: Floats = np.square(np.diff(values, axis=1)).mean(axis=1)
        fraction: Floats = change / values.var(axis=1, ddof=1)
    return fraction


# ------------------------------------------------------------------- columns


def _columns(draws: ArrayLike) -> list[Floats]:
    values = np.asarray(draws)
    if values.ndim == 2:
        values = values[:, :, None]
    return [
        np.ascontiguousarray(values[:, :, i], dtype=float)
        for i in range(values.shape[2])
    ]


def _each(draws: ArrayLike, statistic: Callable[[Floats], float]) -> Floats:
    return np.array(
        [
            statistic(column) if _is_valid(column) else np.nan
            for column in _columns(draws)
        ],
        dtype=float,
    )


def _is_valid(column: Floats) -> bool:
    return column.shape[1] >= MIN_DRAWS and not np.isnan(column).any()


def _split(column: Floats) -> Floats:
    """First halves, then second halves; the middle draw of an odd number is left."""
    half = column.shape[1] // 2
    return np.concatenate([column[:, :half], column[:, -half:]])


# --------------------------------------------------------------------- R-hat


def _rank_diagnostics(column: Floats) -> tuple[float, float]:
    """R-hat and bulk effective sample size, which share the normal scores."""
    if not _is_valid(column):
        return np.nan, np.nan
    bulk, folded = _bulk_and_folded_scores(_split(column))
    return _larger(_rhat(bulk), _rhat(folded), len(column)), _ess(bulk)


def _rank_rhat(column: Floats, rhat: Callable[[Floats], float]) -> float:
    bulk, folded = _bulk_and_folded_scores(_split(column))
    return _larger(rhat(bulk), rhat(folded), len(column))


def _larger(bulk: float, folded: float, num_chains: int) -> float:
    """The larger; a bulk that is not a number (constant draws) stays so."""
    if num_chains < 2:
        return np.nan
    return folded if folded > bulk else bulk


def _rhat(scores: Floats) -> float:
    """Potential scale reduction of (chain, draw)."""
    num_draws = scores.shape[1]
    within = scores.var(axis=1, ddof=1).mean()
    between = num_draws * scores.mean(axis=1).var(ddof=1)
    if within == 0:
        return np.nan if between == 0 else np.inf
    return float(np.sqrt((between / within + num_draws - 1) / num_draws))


def _nested(scores: Floats) -> float:
    """Nested R-hat of (superchain, chain, draw): equations 4 to 8 of Margossian."""
    chain_mean = scores.mean(axis=2)
    within_chain = scores.var(axis=2, ddof=1).mean(axis=1)
    within = (within_chain + chain_mean.var(axis=1, ddof=1)).mean()
    between = chain_mean.mean(axis=1).var(ddof=1)
    if within == 0:
        return np.nan if between == 0 else np.inf
    return float(np.sqrt(1 + between / within))


# ------------------------------------------------------------- normal scores


def _bulk_and_folded_scores(values: Floats) -> tuple[Floats, Floats]:
    """Normal scores of the values and of their distances from the median.

    Sorted values, folded at their median, are two sorted runs: the second sort only
    merges them.
    """
    flat = values.ravel()
    order = np.argsort(flat)
    ordered = flat[order]
    middle = ordered.size // 2
    median = (ordered[middle - 1] + ordered[middle]) / 2  # halves: the size is even
    with np.errstate(invalid="ignore"):
        distance = np.abs(ordered - median)
    fold = np.argsort(distance, kind="stable")
    bulk = _scores(ordered, order)
    folded = _scores(distance[fold], order[fold])
    return bulk.reshape(values.shape), folded.reshape(values.shape)


def _scores(ordered: Floats, order: Order) -> Floats:
    """Normal scores of ranks (Blom 1958), in place of the values; ties share one."""
    is_new = ordered[1:] != ordered[:-1]
    table = _scores_of_half_ranks(ordered.size)
    scores = np.empty_like(ordered)
    scores[order] = table[::2] if is_new.all() else _tied_scores(is_new, table)
    return scores


@lru_cache(maxsize=2)
def _scores_of_half_ranks(size: int) -> Floats:
    """Scores of ranks 1, 3/2, 2, .., `size`: a mean of tied ranks is one of them."""
    rank = np.arange(2.0, 2 * size + 1) / 2
    return normal_quantile((rank - 3 / 8) / (size + 1 / 4))


def _tied_scores(is_new: NDArray[np.bool_], table: Floats) -> Floats:
    starts = np.concatenate([[0], np.flatnonzero(is_new) + 1])
    ends = np.append(starts[1:], is_new.size + 1)
    return np.repeat(table[starts + ends - 1], ends - starts)


# ----------------------------------------------------- effective sample size


def _ess_tail(column: Floats) -> float:
    if not _is_valid(column):
        return np.nan
    low, high = (
        _ess(_split(column <= quantile).astype(float))
        for quantile in np.quantile(column, TAIL_PROBABILITIES)
    )
    return high if high < low else low


def _mcse_mean(column: Floats) -> float:
    if not _is_valid(column):
        return np.nan
    with np.errstate(invalid="ignore"):
        return float(column.std(ddof=1) / np.sqrt(_ess(_split(column))))


def _ess(chains: Floats) -> float:
    """Effective sample size of (chain, draw), by Geyer's initial monotone sequence."""
    if not np.isfinite(chains).all():
        return np.nan
    if chains.max() == chains.min():
        return float(chains.size)
    pair_sums, evens = _autocorrelation_pairs(chains)
    is_over = pair_sums <= 0
    num_pairs = int(np.argmax(is_over)) if is_over.any() else len(pair_sums) - 1
    # The first pair left out still lends its even lag, which is almost unbiased.
    remainder = evens[num_pairs]
    if is_over[num_pairs]:
        remainder = 1.0 if num_pairs == 0 else max(remainder, 0.0)
    decreasing = np.minimum.accumulate(pair_sums[:num_pairs])
    time = -1 + 2 * decreasing.sum() + remainder
    # Antithetic chains may do better than independent draws, but not without limit.
    return float(chains.size / max(time, 1 / np.log10(chains.size)))


def _autocorrelation_pairs(chains: Floats) -> tuple[Floats, Floats]:
    """Sums of the autocorrelations of lags 2k and 2k + 1, and those of lags 2k."""
    num_chains, num_draws = chains.shape
    autocovariance = _mean_autocovariance(chains)
    within = autocovariance[0] * num_draws / (num_draws - 1)
    total = autocovariance[0]
    if num_chains > 1:
        total = total + chains.mean(axis=1).var(ddof=1)
    correlation = 1 - (within - autocovariance) / total
    correlation[0] = 1.0
    num_pairs = max((num_draws - 1) // 2, 1)  # the last lags have too few products
    pairs = correlation[: 2 * num_pairs].reshape(num_pairs, 2)
    return pairs.sum(axis=1), pairs[:, 0]


def _mean_autocovariance(chains: Floats) -> Floats:
    """Autocovariance at each lag, averaged over the chains before transforming back."""
    num_draws = chains.shape[1]
    padded = 1 << (2 * num_draws - 1).bit_length()
    centred = chains - chains.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, n=padded, axis=1)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    lags: Floats = np.fft.irfft(power.mean(axis=0), n=padded)[:num_draws] / num_draws
    return lags
