"""What of a bound model its memory depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from gml.backend import select
from gml.runtime.draws import VariableInfo, VariableKind
from gml.runtime.memory import RunSizes
from gml.runtime.summary import MOST_BYTES


def run_sizes(
    choice: select.Choice,
    posterior: Any,
    data: Mapping[str, NDArray[Any]],
    variables: Sequence[VariableInfo],
    *,
    chains: int,
    draws: int | None,
    warmup: int | None,
    is_streamed: bool,
) -> RunSizes:
    """Sizes of a run on a posterior that a backend made."""
    arrays = getattr(posterior, "host_arrays", data)
    sizes = [np.asarray(values).nbytes for values in arrays.values()]
    is_double = choice.dtype == "float64" or choice.backend == "reference"
    known = RunSizes(
        ndim=posterior.ndim,
        chains=chains,
        draws=draws,
        warmup=warmup,
        itemsize=8 if is_double else 4,
        data_bytes=sum(sizes),
        largest_bytes=max(sizes, default=0),
        kernel_bytes=_kernel_bytes(choice, posterior, sum(sizes)),
        variables=(),
        is_watched=choice.is_watched,
        is_streamed=is_streamed,
    )
    most = MOST_BYTES // (8 * known.num_samples)
    # The table leaves out what is too large, unless it is sampled.
    shown = tuple(
        v.size
        for v in variables
        if not v.is_local and (v.kind is VariableKind.LATENT or v.size <= most)
    )
    return evolve(known, variables=shown)


def _kernel_bytes(choice: select.Choice, posterior: Any, data_bytes: int) -> int:
    match choice.backend:
        case "fused":
            return int(posterior.num_bytes)
        case "graph":
            return data_bytes // 2
        case _:
            return 0
