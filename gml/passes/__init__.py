"""The passes over a density, and the order they run in."""

from __future__ import annotations

from collections.abc import Callable, Collection

from gml.ir.nodes import Density
from gml.ir.verify import verify as verify_density
from gml.passes.differentiate import differentiate
from gml.passes.name_reductions import name_reductions
from gml.passes.prune_dead import prune_dead

Pass = Callable[[Density], Density]

# Each row: a name for --passes, the pass, and why it stands where it does.
PIPELINE: tuple[tuple[str, Pass, str], ...] = (
    (
        "name_reductions",
        name_reductions,
        "just before differentiation, which reads the values of reductions",
    ),
    (
        "differentiate",
        differentiate,
        "after all that makes the forward program smaller",
    ),
    ("prune_dead", prune_dead, "last: the passes before leave arrays unread"),
)


def run_pipeline(
    density: Density, verify: bool = False, only: Collection[str] | None = None
) -> Density:
    """The density after the passes, in their order.

    Parameters
    ----------
    density
        As lowering makes it.
    verify
        Whether to check the density after each pass.
    only
        Names of the passes to run; all of them by default.
    """
    for name, apply_pass, _ in PIPELINE:
        if only is None or name in only:
            density = apply_pass(density)
            if verify:
                verify_density(density)
    return density
