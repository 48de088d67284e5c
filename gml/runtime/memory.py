"""How much memory a run will need at its peak, said before it begins."""

from __future__ import annotations

import os
from pathlib import Path

from attrs import asdict, frozen

from gml.runtime.kept_draws import DrawPart
from gml.runtime.sample import IN_MEMORY_BYTES
from gml.runtime.sampling_phase import MOST_ITERATIONS, PAGE_BYTES
from gml.runtime.settings import DEFAULT_DRAWS, WarmupSettings
from gml.runtime.stored.stored_draws import SEGMENT_BYTES
from gml.runtime.summary import WIDE

# Measured, as the resident memory at the end of a run of eight schools: Python, NumPy,
# the compiler with its output, the sampler.
PROGRAM_BYTES = 85_000_000

_LARGE = 2**30
_LARGE_SHARE = 0.5  # of the memory that is available now
_FLOAT64 = 8
_DIAGNOSTIC_COPIES = 6  # ranks, folded draws, their transforms: all of one variable
_TRACE_COPIES = 6  # in float64, of coordinates: whitened, standardised, squared
_SEGMENTS = 10  # that wait to be written, and are being packed


@frozen
class RunSizes:
    """What the memory of a run depends on.

    Attributes
    ----------
    ndim, chains : int
    draws, warmup : int or None
        Kept draws a chain, and most iterations of the warm-up; None where the run
        decides.
    itemsize : int
        Of the working precision.
    data_bytes : int
        Of all arrays that depend on data alone, in float64.
    largest_bytes : int
        Of the largest of these.
    kernel_bytes : int
        Of copies in the working precision, and rooms of threads.
    variables : tuple of int
        The elements of each variable that the table shows.
    is_watched : bool
        Whether float32 is compared with float64, and may give way to it.
    is_streamed : bool
        Whether draws go to the disk.
    """

    ndim: int
    chains: int
    draws: int | None
    warmup: int | None
    itemsize: int
    data_bytes: int
    largest_bytes: int
    kernel_bytes: int
    variables: tuple[int, ...]
    is_watched: bool = False
    is_streamed: bool = False

    @property
    def num_samples(self) -> int:
        """Kept draws of all chains."""
        return self.chains * (DEFAULT_DRAWS if self.draws is None else self.draws)


@frozen
class Memory:
    """Bytes that a run needs, by what for.

    The warm-up is over before draws are kept, so that the larger of the two counts.

    Attributes
    ----------
    program : int
        Of a run of next to nothing.
    data : int
        As they were given, and what is computed of them alone.
    kernel : int
        Copies of the data in the working precision; rooms of threads.
    warmup : int
        The longest window, and comparisons with float64.
    sampling : int
        A page of iterations, and the draws that are kept.
    table : int
        Variables at all draws, and what is made of them for the table.
    """

    program: int
    data: int
    kernel: int
    warmup: int
    sampling: int
    table: int

    @property
    def total(self) -> int:
        """At the peak."""
        later = max(self.warmup, self.sampling + self.table)
        return self.program + self.data + self.kernel + later

    def __str__(self) -> str:
        parts = {n: b for n, b in asdict(self).items() if b >= self.total / 50}
        listed = ", ".join(f"{name} {_in_words(b)}" for name, b in parts.items())
        return f"about {_in_words(self.total)} of memory: {listed}"


def run_memory(sizes: RunSizes) -> Memory:
    """What a run of such sizes needs."""
    return Memory(
        program=PROGRAM_BYTES,
        data=sizes.data_bytes,
        kernel=_kernel(sizes),
        warmup=_warmup(sizes),
        sampling=_sampling(sizes),
        table=_table(sizes),
    )


def _kernel(sizes: RunSizes) -> int:
    """With the largest array a second time, while it is copied."""
    exact = sizes.data_bytes if sizes.is_watched else 0
    return sizes.kernel_bytes + exact + sizes.largest_bytes


def _iteration(sizes: RunSizes) -> int:
    """Of a trace: position and gradient, and some ten numbers a chain."""
    return sizes.chains * (2 * sizes.ndim * sizes.itemsize + 10 * _FLOAT64)


def _warmup(sizes: RunSizes) -> int:
    settings = WarmupSettings()
    scale = -(-settings.pooled_chains // sizes.chains)
    iterations = max(settings.windows) * scale
    if sizes.warmup is not None:
        iterations = min(iterations, sizes.warmup)
    copies = _TRACE_COPIES * _FLOAT64 * sizes.ndim * sizes.chains
    matrices = 4 * _FLOAT64 * sizes.ndim**2
    window = iterations * (2 * _iteration(sizes) + copies) + matrices
    # The interpreter holds products of the largest array while it sums them.
    return window + (3 * sizes.largest_bytes if sizes.is_watched else 0)


def _sampling(sizes: RunSizes) -> int:
    empty = DrawPart.empty(sizes.ndim, sizes.chains, f"f{sizes.itemsize}")
    iteration = _iteration(sizes)
    page = min(MOST_ITERATIONS * iteration, max(PAGE_BYTES, iteration))
    kept = empty.bytes_per_draw * sizes.num_samples // sizes.chains
    if _is_on_disk(sizes):
        return page + _SEGMENTS * SEGMENT_BYTES
    return page + 2 * kept  # parts, and all of them in one array


def _table(sizes: RunSizes) -> int:
    """Latents and derived values in float64; diagnostics of one variable at a time."""
    samples = sizes.num_samples
    if _is_on_disk(sizes):
        samples = min(samples, 2**20)
    elements = sum(sizes.variables)
    widest = max((min(size, WIDE) for size in sizes.variables), default=0)
    return samples * _FLOAT64 * (elements + _DIAGNOSTIC_COPIES * widest)


def _is_on_disk(sizes: RunSizes) -> bool:
    positions = sizes.num_samples * sizes.ndim * sizes.itemsize
    return sizes.is_streamed and positions > IN_MEMORY_BYTES


# ---------------------------------------------------------------------- the machine


def machine_bytes() -> int:
    """Memory that this process may have, by the machine and by its control group."""
    most = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(most, int(Path("/sys/fs/cgroup/memory.max").read_text("ascii")))
    except (OSError, ValueError):  # another system, or no limit
        return most


def available_bytes() -> int:
    """Memory that can be had now without others losing theirs."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        words = next(line.split() for line in lines if line.startswith("MemAvailable"))
        return min(1024 * int(words[1]), machine_bytes())
    except (OSError, StopIteration):
        return machine_bytes()


def is_large(memory: Memory) -> bool:
    """Whether a user should know before the run begins."""
    return memory.total > min(_LARGE, _LARGE_SHARE * available_bytes())


def shortage(memory: Memory, is_streamed: bool) -> str | None:
    """What to do where it is more than there is; else None."""
    if memory.total <= machine_bytes():
        return None
    stream = "" if is_streamed else ", or `-o FILE`, which streams draws to the disk"
    return f"fewer --chains, or fewer --draws with a larger --thin{stream}"


def _in_words(num_bytes: int) -> str:
    if num_bytes >= 1e9:
        return f"{num_bytes / 1e9:.1f} GB"
    return f"{num_bytes / 1e6:.0f} MB"
