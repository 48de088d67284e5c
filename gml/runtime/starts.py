"""Where chains start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.runtime.settings import WarmupSettings
from gml.schedule.block import BlockRunner
from gml.schedule.noise import Stream, draw_uniforms

ExplainStart = Callable[[NDArray[Any]], Diagnostic]
"""Says, for a position (ndim,) with no finite score, which site is to blame."""


def draw_starts(
    runner: BlockRunner,
    chains: int,
    seed: int,
    settings: WarmupSettings,
    explain_start: ExplainStart | None = None,
) -> tuple[NDArray[Any], int]:
    """Positions (ndim, chains) of finite score and gradient, and attempts made.

    Chains are redrawn alone, so a chain's start does not depend on the others. One
    that never finds a start begins at a copy of a chain that did.
    """
    radius = settings.start_radius
    position = np.empty((runner.ndim, chains), dtype=runner.dtype)
    is_bad = np.ones(chains, dtype=bool)
    for attempt in range(settings.start_attempts):
        uniforms = draw_uniforms(seed, Stream.STARTS, attempt, 1, runner.ndim, chains)
        fresh = radius * (2 * uniforms[0] - 1)
        position = np.where(is_bad, fresh, position).astype(runner.dtype)
        is_bad = ~_is_finite(runner, position)
        if not is_bad.any():
            return position, attempt + 1
    if is_bad.all():
        raise GmlError(_no_start(position, explain_start, settings), exit_code=4)
    good = np.flatnonzero(~is_bad)
    position[:, is_bad] = position[:, good[np.arange(is_bad.sum()) % len(good)]]
    return position, settings.start_attempts


def _is_finite(runner: BlockRunner, position: NDArray[Any]) -> NDArray[np.bool_]:
    score, gradient = runner.evaluate(position)
    is_finite: NDArray[np.bool_] = np.isfinite(score) & np.isfinite(gradient).all(0)
    return is_finite


def _no_start(
    position: NDArray[Any],
    explain_start: ExplainStart | None,
    settings: WarmupSettings,
) -> Diagnostic:
    if explain_start is not None:
        return explain_start(position[:, 0])
    return Diagnostic(
        code="GML0701",
        message="no starting point has a finite log density and gradient",
        notes=(_where_tried(position.shape[1], settings),),
        help="check supports and bounds against the data",
    )


def _where_tried(chains: int, settings: WarmupSettings) -> str:
    radius = settings.start_radius
    return (
        f"{settings.start_attempts * chains} points were tried, each unconstrained "
        f"coordinate uniform on ({-radius:g}, {radius:g})"
    )
