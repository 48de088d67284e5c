"""Random programs mean the same to every pass and backend."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, seed, settings

from .programs import Program, programs
from .properties import Subject

SUITE = settings(
    deadline=None,
    database=None,
    derandomize=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
PARTS = 8
"""Of the 2,000 programs of the slow suite, to be run side by side."""


def on_programs(
    count: int, part: int, check: Callable[[Program], None], most: int = 2
) -> None:
    """Check so many programs; which ones they are follows from the part alone."""
    wrapped = given(programs(most))(check)
    settings(SUITE, max_examples=count)(seed(part)(wrapped))()


def check_passes_and_graph(program: Program) -> None:
    subject = Subject(program, is_thorough=False)
    subject.check_passes()
    subject.check_differences()
    subject.check_graph()


def check_kernels(program: Program) -> None:
    subject = Subject(program, is_thorough=False)
    subject.check_fused("float64")
    subject.check_fused("float32")


def check_all(program: Program) -> None:
    subject = Subject(program)
    subject.check_passes()
    subject.check_differences()
    subject.check_graph()
    subject.check_fused("float64")
    subject.check_fused("float32")


@pytest.mark.parametrize("part", range(5))
def test_passes_differences_and_graph(part: int) -> None:
    on_programs(20, part, check_passes_and_graph)


@pytest.mark.parametrize("part", range(2))
def test_kernels(part: int) -> None:
    on_programs(8, part, check_kernels)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_many_programs(part: int) -> None:
    on_programs(2000 // PARTS, 100 + part, check_all, most=4)
