"""Ten thousand random texts: each is answered with a program or with diagnostics.

Another seed: `python -m tests.fuzzing SEED FIRST LAST` prints what it finds, shortened.
"""

from __future__ import annotations

import re
from random import Random

import pytest

from gml.driver import STAGES
from gml.source import Source
from gml.syntax.parser import parse_to_tree
from tests.fuzzing.answers import complaint, random_text
from tests.fuzzing.grammar_texts import grammar_text
from tests.fuzzing.mutations import good_models

SEED = 1
FEW, MANY, SHARES = 240, 10_000, 20


def complaints(numbers):
    found = [(complaint(random_text(SEED, n)), n) for n in numbers]
    return "\n".join(f"{n}: {random_text(SEED, n)}\n{c}" for c, n in found if c)


@pytest.mark.parametrize("share", range(4))
def test_some_random_texts(share):
    assert not complaints(range(share, FEW, 4))


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_ten_thousand_random_texts(share):
    assert not complaints(range(FEW + share, MANY, SHARES))


def test_a_mistake_of_the_compiler_would_be_seen(monkeypatch):
    def broken(compilation):
        raise KeyError("x")

    monkeypatch.setitem(STAGES, "ir", ("broken", broken))
    assert re.search("KeyError", complaint("mu ~ normal(0, 1)\n"))


def test_texts_of_the_grammar_follow_it():
    """The walk makes what the parser reads, but for what is refused afterwards."""
    texts = [grammar_text(Random(n)) for n in range(60)]
    assert sum(parse_to_tree(Source("m.gml", t)) is not None for t in texts) > 50


def test_good_models_are_good():
    assert len(good_models()) > 200


def test_texts_are_the_same_in_every_run():
    assert random_text(3, 5) == random_text(3, 5)
    assert random_text(3, 5) != random_text(4, 5)
