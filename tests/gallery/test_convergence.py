"""Every model of the gallery, sampled by default settings, gives no complaint."""

from __future__ import annotations

import pytest

import gml

from .test_log_densities import GALLERY, each_model

pytestmark = pytest.mark.slow


@each_model
def test_run_is_fine(name: str) -> None:
    model = gml.load(GALLERY / f"{name}.gml").bind(GALLERY / f"{name}.data.json")
    fit = model.sample("hmc", seed=1)
    assert fit.verdict.is_fine, str(fit.verdict)
