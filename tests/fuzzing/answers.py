"""What the compiler answers to a text: a program or diagnostics, and soon."""

from __future__ import annotations

import time
import traceback
import warnings
from random import Random

import gml
from gml.backend.fused.standalone import print_standalone
from gml.backend.fused.unsupported import Unsupported
from gml.diagnostics.codes import CODES
from gml.diagnostics.render import render_text
from gml.driver import STAGES, Compilation
from gml.source import Source
from tests.fuzzing.grammar_texts import grammar_text, word_soup
from tests.fuzzing.mutations import mutated_model

_MOST_SECONDS = 1.0
_KINDS = (grammar_text, word_soup, *[mutated_model] * 4)


def random_text(seed: int, number: int) -> str:
    """The text of a number: the same whatever was made before it."""
    rng = Random(f"{seed} {number}")
    return rng.choice(_KINDS)(rng)


def complaint(text: str) -> str | None:
    """What is wrong with the answer to a text; None if nothing is."""
    start = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile_whole(text)
    except Exception:
        return traceback.format_exc(limit=-8)
    seconds = time.process_time() - start
    if seconds <= _MOST_SECONDS:
        return None
    return f"it took {seconds:.1f} s of the processor"


def compile_whole(text: str) -> None:
    """Every stage that a model without data has."""
    compilation = Compilation(Source("model.gml", text), "model")
    try:
        _ = compilation.model
        for name in ("ir", "gradient"):
            STAGES[name][1](compilation)
        print_standalone(compilation.loops, "float64")
    except Unsupported:
        pass
    except gml.GmlError as error:
        check_diagnostics(error)


def check_diagnostics(error: gml.GmlError) -> None:
    """Each has a code that users may see, and can be shown."""
    codes = {diagnostic.code for diagnostic in error.diagnostics}
    assert codes
    assert codes <= set(CODES) - {"GML0999"}
    assert all(render_text(diagnostic) for diagnostic in error.diagnostics)
