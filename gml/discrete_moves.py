"""Which coordinates of a bound model are discrete."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gml.backend.layout import site_slices, size_value
from gml.driver import Compilation
from gml.ir.model import discrete_sites
from gml.lower.sampled import ENDLESS_OFFSET, range_of
from gml.runtime.precision import Float64, MakeRunner
from gml.runtime.single_site import DiscreteCoordinates, SingleSiteRunner
from gml.samplers import Sampler
from gml.schedule.block import BlockRunner


def discrete_coordinates(
    compilation: Compilation, sizes: Mapping[str, int]
) -> DiscreteCoordinates | None:
    """Those of the discrete parameters that are sampled; None if there are none."""
    model = compilation.completed
    sites = {s.name: s for s in discrete_sites(model) if s.is_sampled}
    places, counts, offsets = [], [], []
    for site, part, _ in site_slices(compilation.lowered, sizes):
        if site.name not in sites:
            continue
        own = range_of(sites[site.name].support, model.extents)
        count = np.inf if own.count is None else float(size_value(own.count, sizes))
        offset = ENDLESS_OFFSET if own.count is None else 0.5 * count
        size = part.stop - part.start
        places.append(np.arange(part.start, part.stop))
        counts.append(np.full(size, count))
        offsets.append(np.full(size, offset))
    if not places:
        return None
    return DiscreteCoordinates(*map(np.concatenate, (places, counts, offsets)))


def with_moves(
    make_runner: MakeRunner, coordinates: DiscreteCoordinates | None
) -> MakeRunner:
    """Runners that move discrete coordinates as well, if there are any."""
    if coordinates is None:
        return make_runner

    def make(kind: Sampler) -> BlockRunner:
        return SingleSiteRunner(make_runner(kind), coordinates)

    return make


def float64_with_moves(
    float64: Float64 | None, coordinates: DiscreteCoordinates | None
) -> Float64 | None:
    """The same for the runners that a run may go on with."""
    if float64 is None or float64.make_runner is None:
        return float64
    make_runner = with_moves(float64.make_runner, coordinates)
    return Float64(float64.scores, float64.num_positions, make_runner)
