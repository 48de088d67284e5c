"""How many gradient steps make a block, from measured facts; and a block in print.

The block length is free: it never changes a draw. What it changes is the share of
the cost of a launch that each gradient bears, against compile time, which grows
faster than the number of operations, and padding of the last block of a call.
"""

from __future__ import annotations

import textwrap

from attrs import frozen

from gml.samplers.transition import Sampler


@frozen
class BlockPlan:
    """K gradient steps a block, whether compiled, and why."""

    gradients: int
    reason: str
    is_compiled: bool = True


@frozen
class BlockFacts:
    """What bounds a block on one kind of backend.

    Attributes
    ----------
    most_gradients : int
        Beyond these, longer blocks were measured to gain nothing.
    most_operations : int
        What one compiled function should hold.
    reason : str
    compile_seconds : float
        What the first block of a new model costs; later runs find its kernels on disk.
    saved_seconds : float
        By compilation, for each operation of each step.
    """

    most_gradients: int
    most_operations: int
    reason: str
    compile_seconds: float = 0.0
    saved_seconds: float = 0.0


FACTS = {
    # A call costs some 20 microseconds; between calls progress is told, and an
    # interrupt heard: some milliseconds of work each.
    "fused-cpu": BlockFacts(512, 10**9, "hundreds in a kernel: a call costs little"),
    # A launch grows until it lasts some milliseconds (gml/backend/gpu/block.py): at a
    # microsecond a gradient these are thousands. Buffers of draws bound it.
    "fused-gpu": BlockFacts(65536, 10**9, "a launch on a GPU lasts some milliseconds"),
    "reference": BlockFacts(1, 1, "nothing is compiled: a loop over single steps"),
    # Logistic regression and eight schools, 1 to 1024 chains: 8 to 16 are best, 64
    # slower than both (memory). 8 wastes less on the warm-up's calls of some 20 to 40
    # gradients. Compile time is linear to 10 000 operations; a thread's stack of
    # 512 KB overflows at 3000 deep.
    # 22 kernels for HMC at 0.45 s of g++ each; fusion halves 8 microseconds.
    "graph-cpu": BlockFacts(8, 2000, "more gain nothing on a CPU", 10.0, 4e-6),
    # A launch costs more and the host runs ahead of the device: 20 to 64.
    "graph-gpu": BlockFacts(32, 2000, "more launches a block keep a GPU busy"),
}
"""By backend, and for the graph by device."""

_TRANSITION_OPERATIONS = 60
"""MLX operations of begin, step, finish and their selections in one HMC step."""


def plan_block(
    target: str,
    num_operations: int,
    requested: int | None = None,
    expected_gradients: int | None = None,
) -> BlockPlan:
    """Choose K, and whether to compile.

    Parameters
    ----------
    target : str
        A key of `FACTS`.
    num_operations : int
        Operations of one score and gradient of the model.
    requested : int, optional
        The user's choice, which is taken.
    expected_gradients : int, optional
        Steps that the run will take, if it is known: a short run on a CPU is over
        before its kernels would be compiled. Plain operations give the same draws.
    """
    facts = FACTS[target]
    a_step = num_operations + _TRANSITION_OPERATIONS
    if expected_gradients is not None:
        saved = facts.saved_seconds * a_step * expected_gradients
        if saved < facts.compile_seconds:
            return BlockPlan(
                requested or facts.most_gradients,
                f"compiling takes some {facts.compile_seconds:.0f} s and would save "
                f"{saved:.1f} s",
                is_compiled=False,
            )
    if requested is not None:
        return BlockPlan(requested, "as requested")
    affordable = max(1, facts.most_operations // a_step)
    if affordable >= facts.most_gradients:
        return BlockPlan(facts.most_gradients, facts.reason)
    return BlockPlan(
        affordable,
        f"a step has about {a_step} operations, and compile time grows faster than "
        "their number",
    )


def print_block(plan: BlockPlan, sampler: Sampler, ndim: int, chains: int) -> str:
    """A block as text: the noise it consumes, what it carries and what it yields."""
    shapes = {
        "dimension": [ndim, chains],
        "chain": [chains],
        "matrix": [ndim, ndim],
        "scalar": [],
    }
    steps = [plan.gradients]
    noise = [
        f"{field.name}: {field.kind}"
        + _shape(steps + shapes["dimension" if field.per_dimension else "chain"])
        for field in sampler.noise
    ]
    tuning = [
        name + _shape(steps if kind == "scalar" else shapes[kind])
        for name, kind in sampler.tuning.items()
    ]
    carry = [name + _shape(shapes[kind]) for name, kind in sampler.state.items()]
    if sampler.num_steps is None:  # an unfinished trajectory goes on in the next block
        carry += [
            f"work.{name}{_shape(shapes[kind])}" for name, kind in sampler.work.items()
        ]
    yielded = [
        name + _shape(steps + shapes[kind])
        for name, kind in (sampler.state | sampler.info).items()
    ]
    flags = ["is_first", "is_last"] if sampler.num_steps is None else ["is_last"]
    lines = [
        f"block {sampler.name}  gradients={plan.gradients} chains={chains} "
        + ("compiled" if plan.is_compiled else "plain"),
        f"  # {plan.gradients}: {plan.reason}",
        _line("noise", noise),
        _line("select", [flag + _shape(steps) for flag in flags]),
        _line("tuning", tuning),
        _line("carry", carry),
        _line("yield", yielded),
    ]
    return "\n".join(lines) + "\n"


def _line(title: str, fields: list[str]) -> str:
    return textwrap.fill(
        "  ".join(fields).replace(": ", ":\N{NO-BREAK SPACE}"),
        width=88,
        initial_indent=f"  {title:<8}",
        subsequent_indent=" " * 10,
        break_long_words=False,
        break_on_hyphens=False,
    ).replace("\N{NO-BREAK SPACE}", " ")


def _shape(sizes: list[int]) -> str:
    return f"[{','.join(map(str, sizes))}]" if sizes else ""
