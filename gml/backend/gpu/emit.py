"""A kernel as text, for people: no GPU is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gml.backend.gpu.cuda import CUDA
from gml.backend.gpu.kernel import print_kernel
from gml.backend.gpu.metal import METAL
from gml.backend.gpu.planning import best, make_plans

if TYPE_CHECKING:
    from gml.ir.nodes import Density
    from gml.samplers.transition import Sampler

DIALECTS = {dialect.name: dialect for dialect in (CUDA, METAL)}
"""By the name that `--emit` takes."""


def kernel_text(
    density: Density, sizes: Mapping[str, int] | None, sampler: Sampler, name: str
) -> str:
    """The kernel of a sampler's blocks.

    Parameters
    ----------
    density
        With its gradient, its plates fused.
    sizes
        The number of elements of each dim; without them the kernel is that of one
        chain a thread, and its sizes are left open.
    sampler
    name
        "cuda" or "metal".

    Raises
    ------
    Unsupported
        When there is no kernel.
    """
    dialect = DIALECTS[name]
    plan = best(make_plans(density, sampler, dialect, sizes, with_origins=True))
    return print_kernel(plan.function, sampler, dialect, plan.shape).text
