"""What rounding alone may make of a score and its gradient.

The reference is run again with each operation's result off by a last digit or two of
the working precision, several times over: an ensemble of the results that a right
program may give. Where terms cancel the ensemble spreads, and where a number leaves
the range of float32 it does so in the ensemble; so a tolerance follows from the sizes
of the very terms that were added, and an error beyond it is a mistake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from unittest.mock import patch

import numpy as np
from attrs import frozen

from gml.backend.reference import evaluator, expressions
from gml.backend.reference.evaluator import Evaluator
from gml.backend.reference.expressions import Expressions
from gml.backend.reference.ops import PRIMITIVE_FUNCTIONS
from gml.backend.reference.posterior import ReferencePosterior
from gml.ir.nodes import Add, Const, Reduction

MEMBERS = 5
ULPS = 2.0  # special functions are exact to two last digits or so
SAFETY = 8.0  # the members need not have met the worst case
LAST_DIGIT = {"float32": 2.0**-24, "float64": 2.0**-53}
SMALLEST = {"float32": 1e-36, "float64": 1e-290}  # below, digits are lost

Results = tuple[np.ndarray, np.ndarray]


class Ensemble:
    """What the reference, and those that round, make of a position (ndim, chains)."""

    def __init__(
        self,
        reference: ReferencePosterior,
        position: np.ndarray,
        dtype: str,
        members: int = MEMBERS,
    ) -> None:
        self.dtype = dtype
        self.exact = reference.score_and_grad(position)
        self._reference, self._position = reference, position
        self._members = [self._member(ULPS, seed) for seed in range(members)]

    def _member(self, ulps: float, seed: int) -> Results:
        disturbed = Disturbed(self._reference, Rounding(self.dtype, ulps, seed))
        return disturbed.score_and_grad(self._position)

    @cached_property
    def _far(self) -> list[Results]:
        """Members far out, for where a number may leave the range of a function."""
        return [self._member(ULPS * SAFETY, seed) for seed in range(2 * MEMBERS)]

    def check(self, found: Results) -> None:
        """Whether a score and a gradient could be members."""
        for kind, name in enumerate(("score", "gradient")):
            value = np.asarray(found[kind], np.float64)
            error = self._errors(kind, value)
            if not error.size or error.max() <= 1:
                continue
            worst = np.unravel_index(error.argmax(), error.shape)
            members = [float(member[kind][worst]) for member in self._members]
            exact = self.exact[kind][worst]
            raise AssertionError(
                f"{name} at {worst} is {value[worst]!r}, not {exact!r} or one of "
                f"{members}: {error[worst]:.3g} times what rounding makes"
            )

    def _errors(self, kind: int, found: np.ndarray) -> np.ndarray:
        """In units of what is allowed; NaN or infinity must be where it may be."""
        exact = np.asarray(self.exact[kind])
        members = np.stack([np.asarray(member[kind]) for member in self._members])
        is_finite = np.isfinite(members)
        with np.errstate(all="ignore"):
            spread = np.abs(members - exact).max(axis=0)
            digits = 8 * LAST_DIGIT[self.dtype] * np.abs(exact)
            allowed = SAFETY * spread + digits + SMALLEST[self.dtype]
            error = np.abs(found - exact) / allowed
        always, never = is_finite.all(axis=0), ~is_finite.any(axis=0)
        error = np.where(always & np.isfinite(exact), error, 0.0)
        is_lost = always & ~np.isfinite(found)
        if is_lost.any():
            for member in self._far:
                is_lost &= np.isfinite(member[kind])
            error = np.where(np.isfinite(found), error, 0.0)
        # What is right needs no excuse: other orders of factors stay within the range.
        with np.errstate(all="ignore"):
            is_right = np.abs(found - exact) <= 64 * LAST_DIGIT[self.dtype] * abs(exact)
        is_invented = never & np.isfinite(found) & ~is_right
        return np.where(is_lost | is_invented, np.inf, error)

    @property
    def share_checked(self) -> float:
        """Of the scores: those that are finite in every member."""
        scores = np.stack([np.asarray(member[0]) for member in self._members])
        return float(np.isfinite(scores).all(axis=0).mean())


class Disturbed:
    """A reference posterior that rounds."""

    def __init__(self, reference: ReferencePosterior, rounding: Rounding) -> None:
        self._reference = reference
        self._round = rounding

    def score_and_grad(self, position: np.ndarray) -> Results:
        reference = self._reference
        constant, arrays = reference._constant, reference.host_arrays
        reference.host_arrays = {
            name: self._round(np.asarray(values)) for name, values in arrays.items()
        }
        reference._constant = 0.0  # added in float64 by every backend
        try:
            with self._round.applied():
                score, gradient = reference.score_and_grad(position)
        finally:
            reference._constant, reference.host_arrays = constant, arrays
        return score + constant, gradient


@frozen
class Rounding:
    """Rounds as arithmetic does: the same number always to the same."""

    dtype: str
    ulps: float
    seed: int

    def __call__(self, values: np.ndarray) -> np.ndarray:
        if values.dtype != np.float64:
            return values
        with np.errstate(all="ignore"):
            factor = 1 + self.ulps * LAST_DIGIT[self.dtype] * self._noise(values)
            # What is exact in a right program as well: small whole numbers.
            is_exact = (values == np.rint(values)) & (np.abs(values) < 2**20)
            disturbed = np.where(is_exact, values, values * factor)
            if self.seed % 2:  # subnormal numbers may be zero
                least = np.finfo(self.dtype).smallest_normal
                disturbed = np.where(np.abs(disturbed) < least, 0.0, disturbed)
            return disturbed.astype(self.dtype).astype(np.float64)

    def _noise(self, values: np.ndarray) -> np.ndarray:
        """Uniform on (-1, 1), by a hash of each value's bits."""
        bits = np.array(values, order="C").view(np.uint64) ^ np.uint64(
            2 * self.seed + 1
        )
        for shift in (np.uint64(29), np.uint64(32)):
            bits = bits * np.uint64(0x9E3779B97F4A7C15)
            bits = bits ^ (bits >> shift)
        return (bits >> np.uint64(11)) * 2.0**-52 - 1

    def sum(self, values: np.ndarray, num_axes: int) -> np.ndarray:
        """Each addition rounds what was summed before it, always the same way at worst.

        A large number to which many small ones are added stays as it is.
        """
        exact = accurate_sum(values, num_axes)
        if exact.dtype != np.float64:
            return exact
        sizes = accurate_sum(np.abs(values), num_axes)
        count = np.prod(values.shape[:num_axes])
        with np.errstate(all="ignore"):
            error = LAST_DIGIT[self.dtype] * self._noise(exact) * count * sizes
            total = exact + np.where(np.isfinite(error), error, 0.0)
        return total.astype(self.dtype).astype(np.float64)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Every operation of the reference rounds."""
        rounding = {name: self._wrapped(f) for name, f in PRIMITIVE_FUNCTIONS.items()}
        with (
            patch.dict(PRIMITIVE_FUNCTIONS, rounding),
            patch.object(expressions, "accurate_sum", self.sum),
            patch.object(expressions, "fold", self._fold),
            patch.object(evaluator, "accurate_sum", self.sum),
            patch.object(Evaluator, "_add", self._add),
        ):
            yield

    def _fold(self, kind: Reduction, body: np.ndarray) -> np.ndarray:
        result = FOLD(kind, body)
        rounds = kind in (Reduction.LOGSUMEXP, Reduction.PROD)
        return self(result) if rounds else result

    @property
    def _add(self) -> Callable[..., None]:
        """Accumulators round after each addition, at worst always the same way.

        A backend may add in another order: to what came last all others were added.
        """
        direction = 1 if self.seed % 2 else -1
        unit = direction * self.ulps * LAST_DIGIT[self.dtype]
        additions: dict[str, float] = defaultdict(float)

        def add(run: Evaluator, statement: Add, expressions: Expressions) -> None:
            ADD(run, statement, expressions)
            is_fixed = all(isinstance(index, Const) for index in statement.indices)
            if not (statement.axes or is_fixed):
                return  # a recurrence goes on to the next element
            name = statement.array
            total = run._arrays[name]
            share = np.prod(expressions.grid.shape) / max(total[..., 0].size, 1)
            additions[name] += max(share, 1.0)
            run._arrays[name] = total * (1 + unit * additions[name])

        return add

    def _wrapped(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def apply(*arguments: np.ndarray) -> np.ndarray:
            return self(np.asarray(function(*arguments)))

        return apply


accurate_sum = expressions.accurate_sum
ADD = Evaluator._add
FOLD = expressions.fold
