"""The library's densities as the compiler sees them: checked, lowered, differentiated.

In each program everything that can be is latent, and every point has parameters of its
own, so that the gradient of the one score is made of the gradients of each density.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import mpmath
import numpy as np
import pytest
from attrs import evolve, frozen
from mpmath import mpf

from gml.backend.reference.posterior import ReferencePosterior
from gml.check.library import Library
from gml.check.model import check_model
from gml.diagnostics.diagnostic import Report
from gml.ir.nodes import Density
from gml.lower import lower
from gml.passes.differentiate import differentiate
from gml.passes.name_reductions import name_reductions
from gml.source import Source
from gml.syntax import ast, parse

from . import formulas
from .oracles import ORACLES, Oracle

LIBRARY = Library(formulas.STDLIB)
DEFINITIONS = formulas.Library().distributions
MOST_POINTS = 60  # of a grid: each costs milliseconds of 50-digit derivatives

# These have nothing that can be latent.
KNOWN = {"discrete_uniform", "hypergeometric"}
REAL = [oracle for oracle in ORACLES if oracle.name not in KNOWN]
each_oracle = pytest.mark.parametrize("oracle", REAL, ids=lambda oracle: oracle.name)


@frozen
class Argument:
    """A real argument, the transform of its type as mathematics, and the inverse."""

    name: str
    type: str
    constrain: Callable[[Any], Any] = mpf
    log_slope: Callable[[Any], Any] = lambda u: mpf(0)
    unconstrain: Callable[[Any], Any] = np.asarray


def log_sigmoid(u: Any) -> Any:
    return -mpmath.log1p(mpmath.exp(-u))


def argument(name: str, declared: ast.Type) -> Argument:
    bounds = {bound.name.name for bound in declared.bounds}
    if bounds == {"lower"}:
        return Argument(name, "real<lower=0>", mpmath.exp, mpf, np.log)
    if bounds == {"lower", "upper"}:
        return Argument(
            name,
            "real<lower=0, upper=1>",
            lambda u: mpmath.exp(log_sigmoid(u)),
            lambda u: log_sigmoid(u) + log_sigmoid(-u),
            lambda p: np.log(p) - np.log1p(-p),
        )
    return Argument(name, "real")


@frozen
class Program:
    """One density at many points: `columns` are (x, *parameters)."""

    oracle: Oracle
    names: tuple[str, ...]
    latent: dict[int, Argument]  # by column
    known: dict[int, str]  # type of the others
    columns: tuple[np.ndarray, ...]

    @property
    def text(self) -> str:
        lines = ["dim I"]
        lines += [f"data {self.names[k]}: {t}[I]" for k, t in self.known.items()]
        lines += [f"{a.name}[I]: {a.type} ~ flat()" for a in self.latent.values()]
        arguments = ", ".join(f"{name}[i]" for name in self.names[1:])
        member = "logpmf" if self.oracle.is_discrete else "logpdf"
        density = f"{self.oracle.name}({arguments}).{member}(value[i])"
        return "\n".join([*lines, f"for i in I {{ factor {density} }}", ""])

    def position(self) -> np.ndarray:
        parts = [a.unconstrain(self.columns[k]) for k, a in self.latent.items()]
        return np.concatenate(parts)

    def exact(self, point: int) -> tuple[float, list[float]]:
        """Density of the unconstrained arguments at one point, and its gradient."""
        size = len(self.columns[0])
        u = self.position().reshape(-1, size)[:, point].tolist()

        def density(*at: Any) -> Any:
            values: list[Any] = [column[point].item() for column in self.columns]
            values = [v if isinstance(v, bool) else mpf(v) for v in values]
            slopes = mpf(0)
            for (k, each), coordinate in zip(self.latent.items(), at, strict=True):
                values[k] = each.constrain(coordinate)
                slopes += each.log_slope(coordinate)
            return self.oracle.log_density(*values) + slopes

        at = [mpf(value) for value in u]
        unit = np.eye(len(u), dtype=int).tolist()
        gradient = [float(mpmath.diff(density, at, tuple(n))) for n in unit]
        return float(density(*at)), gradient


def is_literal(declared: ast.Type) -> bool:
    """Whether its bounds are the same for all parameters."""
    return all(isinstance(bound.value, ast.Integer) for bound in declared.bounds)


def is_moderate(
    oracle: Oracle, declared: list[ast.Type], values: Sequence[float]
) -> bool:
    """Where a last-digit change of an argument is a small change of the density."""
    x, *parameters = values
    if not oracle.is_discrete and (abs(x) < 1e-30 or x in parameters[:1]):
        return False  # 1 / x dwarfs all else; or the kink of a Laplace
    if (
        not is_literal(declared[0])
        and not oracle.is_discrete
        and x < 1.01 * parameters[0]
    ):
        return False  # next to a bound that float32 would move beyond x
    for value, kind in zip(values, declared, strict=True):
        is_chance = len(kind.bounds) == 2 and is_literal(kind)
        if is_chance and kind.name.name == "real" and value > 0.95:
            return False
    return abs(x) <= 1e6 and all(p == 0 or 1e-15 <= abs(p) <= 1e3 for p in parameters)


def program(oracle: Oracle) -> Program:
    definition = DEFINITIONS[oracle.name]
    declared = [definition.support, *(p.type for p in definition.parameters if p.type)]
    names = ("value", *(p.name.name for p in definition.parameters))
    latent, known = {}, {}
    for k, (name, kind) in enumerate(zip(names, declared, strict=True)):
        if kind.name.name != "real":
            known[k] = "bool" if kind.name.name == "bool" else "int<lower=0>"
        elif not is_literal(kind):
            known[k] = "real"  # its bounds are parameters: no fixed transform
        else:
            latent[k] = argument(name, kind)
    points = [
        (x, *parameters)
        for parameters in oracle.parameters
        for x in oracle.points(*parameters)
        if is_moderate(oracle, declared, (x, *parameters))
    ]
    stride = -(-len(points) // MOST_POINTS)
    columns = zip(*islice(points, 0, None, stride), strict=True)
    return Program(oracle, names, latent, known, tuple(map(np.array, columns)))


def compiled(program: Program) -> Density:
    report = Report()
    tree = parse(Source(program.oracle.name, program.text))
    model = check_model(tree, LIBRARY, program.oracle.name, report)
    report.raise_if_errors()
    return differentiate(name_reductions(lower(model)))


def bound(program: Program) -> tuple[Density, dict[str, int], dict[str, np.ndarray]]:
    data = {program.names[k]: program.columns[k] for k in program.known}
    return compiled(program), {"I": len(program.columns[0])}, data


@each_oracle
def test_score_and_gradient_of_every_density(oracle: Oracle) -> None:
    case = program(oracle)
    posterior = ReferencePosterior(*bound(case))
    score, gradient = posterior.score_and_grad(case.position())
    truths = [case.exact(point) for point in range(len(case.columns[0]))]
    size = sum(abs(value) for value, _ in truths)
    assert score == pytest.approx(sum(value for value, _ in truths), abs=1e-12 * size)
    exact = np.array([partials for _, partials in truths]).T
    length = 1 + np.abs(exact).max(axis=0)  # of the gradient at each point
    error = np.abs(gradient.reshape(exact.shape) - exact) / length
    assert error.max() < 1e-10, [
        column[error.argmax(axis=1)] for column in case.columns
    ]


@each_oracle
def test_mlx_has_the_accuracy_of_float32(oracle: Oracle) -> None:
    """The error is what a few last digits of the position would have made as well."""
    from gml.backend.graph.posterior import GraphPosterior

    case = program(oracle)
    rows = case.position().reshape(len(case.latent), -1)
    held = (np.abs(rows) < 18).all(axis=0)  # squares and reciprocals stay below 1e38
    gradient = ReferencePosterior(*bound(case)).score_and_grad(rows.ravel())[1]
    held &= (np.abs(gradient.reshape(rows.shape)) < 1e30).all(axis=0)
    case = evolve(case, columns=tuple(column[held] for column in case.columns))
    rows = rows[:, held].astype(np.float32).astype(float)
    reference = ReferencePosterior(*bound(case))

    def gradient_at(at: np.ndarray) -> np.ndarray:
        return reference.score_and_grad(at.ravel())[1].reshape(rows.shape)

    exact = gradient_at(rows)
    last_digit = 1.2e-7 * np.maximum(np.abs(rows), 1)
    # terms as large as a parameter cancel in its derivative
    largest = np.abs(case.columns[1:]).max(axis=0, initial=0)
    allowed = 1e-6 * (1 + np.abs(exact)) + 2.4e-7 * largest
    for k in range(len(rows)):
        moved = rows.copy()
        moved[k] += last_digit[k]
        allowed += 8 * np.abs(gradient_at(moved) - exact)
    graph = GraphPosterior(*bound(case), compile=False)
    score, found = graph.score_and_grad(rows.ravel())
    ratio = np.abs(np.array(found).reshape(rows.shape) - exact) / allowed
    assert ratio.max() < 1, [column[ratio.argmax(axis=1)] for column in case.columns]
    assert float(score) == pytest.approx(reference.score(rows.ravel()), rel=1e-5)
