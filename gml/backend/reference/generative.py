"""Simulates a model: independent draws of parameters and of data, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod

import numpy as np
from attrs import evolve
from numpy.typing import ArrayLike

from gml.backend.layout import shape_value
from gml.backend.reference.chunks import chunk_size
from gml.backend.reference.evaluator import Evaluator
from gml.backend.reference.special import Values
from gml.backend.reference.values import statement_generator
from gml.diagnostics.diagnostic import Diagnostic, GmlError, Label
from gml.ir.generative import GenerativeProgram, Restriction, Step
from gml.ir.nodes import Scan, Stmt, Storage
from gml.ir.traverse import arrays_written

MOST_ATTEMPTS = 5000
"""Attempts at a draw: what has a mass of 1 in 500 is found but once in 20,000 times."""

MOST_PASSES = 20_000
"""Passes over statements that repeat: one for each element that waits for another."""


class GenerativeEvaluator:
    """Runs a generative program.

    Parameters
    ----------
    program
        What to simulate.
    sizes
        The number of elements of each dim.
    data
        Every array the model declares; those that are drawn are not looked at, but
        for elements that no line describes.
    seed
        The same seed and number of draws give the same draws.
    """

    def __init__(
        self,
        program: GenerativeProgram,
        sizes: Mapping[str, int],
        data: Mapping[str, ArrayLike],
        seed: int,
    ) -> None:
        self._program = program
        self._sizes = sizes
        self._data = data
        self._seed = seed
        self._arrays = {v.name: v.array for v in program.variables}

    def evaluate(
        self,
        names: Sequence[str],
        size: int,
        given: Mapping[str, Values] | None = None,
    ) -> dict[str, Values]:
        """Arrays (*shape, size) of the named variables.

        `given` are values of sites, (*shape) or (*shape, size): those are not drawn.

        Raises
        ------
        GmlError
            If a site cannot be drawn.
        """
        given = given or {}
        for name, obstacle in self._program.obstacles:
            if name not in given and self._is_needed(name, names):
                raise GmlError(obstacle, exit_code=4)
        statements = [s for step in self._program.steps for s in step.statements]
        chunk = chunk_size(statements, self._program.arrays, self._sizes, size)
        parts = [
            self._accepted(
                names, np.arange(start, min(start + chunk, size)), given, start
            )
            for start in range(0, size, chunk)
        ]
        return {n: np.concatenate([p[n] for p in parts], axis=-1) for n in names}

    def _is_needed(self, name: str, names: Sequence[str]) -> bool:
        """Data that cannot be drawn matter to nobody who asks for parameters."""
        return name in names or name not in self._data

    def _accepted(
        self,
        names: Sequence[str],
        columns: Values,
        given: Mapping[str, Values],
        start: int,
    ) -> dict[str, Values]:
        """Draws all of whose latents lie in their supports; the others are redrawn."""
        results: dict[str, Values] = {}
        pending = np.arange(len(columns))
        for attempt in range(MOST_ATTEMPTS):
            own = self._of_columns(given, columns[pending])
            run = _Run(self, len(pending), own, (start, attempt))
            is_inside = run.execute()
            values = {name: run.value(self._arrays[name]) for name in names}
            for name in names:
                if name not in results:
                    shape = (*values[name].shape[:-1], len(columns))
                    results[name] = np.empty(shape, values[name].dtype)
                results[name][..., pending[is_inside]] = values[name][..., is_inside]
            pending = pending[~is_inside]
            if not len(pending):
                return results
            if run.rejected_given is not None:
                raise GmlError(run.rejected_given, exit_code=3)
        assert run.rejecting is not None
        raise GmlError(_too_rare(run.rejecting), exit_code=4)

    def _of_columns(
        self, given: Mapping[str, Values], columns: Values
    ) -> dict[str, Values]:
        shapes = {a.name: a.shape for a in self._program.arrays}
        chosen = {}
        for name, values in given.items():
            rank = len(shapes[self._arrays[name]])
            chosen[name] = values[..., columns] if values.ndim > rank else values
        return chosen


class _Run:
    """One attempt at a number of draws."""

    def __init__(
        self,
        owner: GenerativeEvaluator,
        size: int,
        given: Mapping[str, Values],
        place: tuple[int, int],
    ) -> None:
        self._program, self._sizes = owner._program, owner._sizes
        self._seed, self._place = owner._seed, place
        self._given = set(given)
        self._given_arrays = {owner._arrays[name] for name in given}
        self._evaluator = Evaluator(self._program.arrays, self._sizes, size)
        self._size = size
        self.rejecting: Restriction | None = None
        self.rejected_given: Diagnostic | None = None
        for array in self._program.arrays:
            if array.storage is Storage.DATA:
                # A copy: what is simulated is written over it.
                self._evaluator.bind(array.name, np.array(owner._data[array.name]))
        for name, values in given.items():
            self._evaluator.bind(owner._arrays[name], np.array(values))

    def value(self, array: str) -> Values:
        return np.array(self._evaluator.value(array))

    def execute(self) -> Values:
        """Run all steps; which of the draws are inside every support."""
        is_inside = np.ones(self._size, np.bool_)
        for step in self._program.steps:
            own = evolve(step, statements=_without(step.statements, self._given_arrays))
            if own.repeats:
                self._settle(own)
            else:
                self._run(own.statements, 0)
            self._sort(own)
            for restriction in own.restrictions:
                is_inside &= self._restrict(own, restriction)
        return is_inside

    def _run(self, statements: Iterable[Stmt], attempt: int) -> None:
        for stmt in statements:
            place = (*self._place, attempt)
            self._evaluator.run([stmt], statement_generator(self._seed, stmt, *place))

    def _sort(self, step: Step) -> None:
        for name in set(step.sorted_arrays) - self._given_arrays:
            self._evaluator.bind(name, np.sort(self.value(name), axis=-2))

    # ------------------------------------------------------------ restrictions

    def _restrict(self, step: Step, restriction: Restriction) -> Values:
        """Draw again what may be drawn by itself; which draws are inside then."""
        is_inside = self._check(restriction)
        if restriction.site in self._given:
            if not is_inside.all():
                self.rejected_given = _outside(restriction)
        elif restriction.is_independent:
            name = restriction.site
            array = next(v.array for v in self._program.variables if v.name == name)
            for attempt in range(1, MOST_ATTEMPTS):
                if is_inside.all():
                    break
                before = self.value(array)
                self._run(step.statements, attempt)
                self._sort(step)
                kept = np.where(is_inside, before, self.value(array))
                self._evaluator.bind(array, kept)
                is_inside = self._check(restriction)
            else:
                raise GmlError(_too_rare(restriction), exit_code=4)
        inside: Values = is_inside.reshape(-1, self._size)
        inside = np.asarray(inside.all(axis=0))
        if not inside.all():
            self.rejecting = restriction
        return inside

    def _check(self, restriction: Restriction) -> Values:
        """Truth values (*shape, draws), the same for all elements of an event."""
        self._evaluator.run(restriction.checks)
        inside = self.value(restriction.inside)
        if restriction.num_event_dims:
            inside = np.broadcast_to(inside.all(axis=-2, keepdims=True), inside.shape)
        return inside

    # ------------------------------------------------------------- repetitions

    def _settle(self, step: Step) -> None:
        """Run the statements until no element changes.

        An element that waits for d others is right from pass d + 1 on, whatever the
        order of the statements: the noise is the same in each pass.
        """
        written = frozenset[str]().union(*(arrays_written(s) for s in step.statements))
        arrays = [a for a in self._program.arrays if a.name in written]
        for array in arrays:
            if array.storage is not Storage.DATA:
                shape = shape_value(array.shape, self._sizes)
                self._evaluator.bind(array.name, np.zeros(shape))
        sizes = [prod(shape_value(a.shape, self._sizes)) for a in arrays]
        before: list[Values] = []
        for _ in range(min(sum(sizes) + 2, MOST_PASSES)):
            self._run(step.statements, 0)
            now = [self.value(a.name) for a in arrays]
            if before and all(map(_is_same, before, now)):
                return
            before = now
        raise GmlError(_circular(step), exit_code=4)


def _is_same(left: Values, right: Values) -> bool:
    return np.array_equal(left, right, equal_nan=left.dtype.kind == "f")


def _without(statements: Iterable[Stmt], arrays: set[str]) -> tuple[Stmt, ...]:
    """The statements less those that write the arrays."""
    kept: list[Stmt] = []
    for stmt in statements:
        if isinstance(stmt, Scan):
            kept.append(evolve(stmt, body=_without(stmt.body, arrays)))
        elif stmt.array not in arrays:
            kept.append(stmt)
    return tuple(kept)


# ------------------------------------------------------------------ messages


def _too_rare(restriction: Restriction) -> Diagnostic:
    return Diagnostic(
        "GML0722",
        f"`{restriction.site}` cannot be drawn: hardly any draw of its distribution "
        "lies where it is declared to",
        Label(restriction.span, f"{MOST_ATTEMPTS:,} draws did not")
        if restriction.span
        else None,
        help="use a distribution with the support that is wanted",
    )


def _outside(restriction: Restriction) -> Diagnostic:
    return Diagnostic(
        "GML0605",
        f"the value given for `{restriction.site}` is outside its support",
        Label(restriction.span) if restriction.span else None,
    )


def _circular(step: Step) -> Diagnostic:
    names = frozenset[str]().union(*(arrays_written(s) for s in step.statements))
    span = next((s.span for s in step.statements if s.span), None)
    them = ", ".join(f"`{name}`" for name in sorted(names))
    return Diagnostic(
        "GML0723",
        f"{them} cannot be drawn: each depends on the other",
        Label(span) if span else None,
        help="a prior that is computed from the data cannot be simulated",
    )
