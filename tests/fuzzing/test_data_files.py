"""Damaged data files: they are bound, or there are diagnostics."""

from __future__ import annotations

import time
import traceback
import warnings
from random import Random

import numpy as np
import pytest

import gml
from gml.diagnostics.codes import CODES
from tests.fuzzing.data_files import damaged_csv, damaged_json, models_with_data

MOST_SECONDS = 1.0


def complaint(model, path):
    """What is wrong with the answer to a data file; None if nothing is."""
    start = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            bound = model.bind(path, backend="reference")
            seconds = time.process_time() - start  # the density may be a slow one
            bound.score(np.zeros((bound.ndim, 1)))
    except gml.GmlError as error:
        seconds = time.process_time() - start
        if not {d.code for d in error.diagnostics} <= set(CODES) - {"GML0999"}:
            return str(error)
    except Exception:
        return traceback.format_exc(limit=-6)
    return f"it took {seconds:.1f} s" if seconds > MOST_SECONDS else None


def complaints(tmp_path, seed, count, cases):
    found = []
    for model_path, data in cases:
        model, text = gml.load(model_path), data.read_text("utf-8")
        for number in range(count):
            rng = Random(f"{seed} {model_path.stem} {number}")
            is_csv = number % 4 == 3
            file = tmp_path / ("data.csv" if is_csv else "data.json")
            file.write_bytes((damaged_csv if is_csv else damaged_json)(text, rng))
            if what := complaint(model, file):
                where = f"{model_path.stem} {number}"
                found.append(f"{where}: {file.read_bytes()[:800]!r}\n{what}")
    return "\n".join(found)


def test_damaged_data(tmp_path):
    assert len(models_with_data()) > 20
    assert not complaints(tmp_path, 1, 8, models_with_data()[::8])


@pytest.mark.slow
def test_thousands_of_damaged_data(tmp_path):
    assert not complaints(tmp_path, 2, 80, models_with_data())


@pytest.mark.parametrize(
    "size", ["1" + "0" * 400, "-1" + "0" * 400, "1e30", "9" * 5000]
)
def test_sizes_that_nothing_can_have(tmp_path, size):
    model = gml.loads("dim N\nx[N] ~ normal(0, 1)\ndata y: real[N]\ny ~ normal(x, 1)\n")
    file = tmp_path / "data.json"
    file.write_text(f'{{"N": {size}, "y": [1]}}', "utf-8")
    with pytest.raises(gml.GmlError) as caught:
        model.bind(file, backend="reference")
    assert all(len(d.message) < 400 for d in caught.value.diagnostics)
