"""The passes over a density, and the order they run in."""

from __future__ import annotations

from collections.abc import Callable, Collection

from gml.ir.nodes import Density
from gml.ir.verify import verify as verify_density
from gml.passes.cancel_inverses import cancel_inverses
from gml.passes.compensate_rounding import compensate_rounding
from gml.passes.contract_arrays import contract_arrays
from gml.passes.differentiate import differentiate
from gml.passes.drop_constant_terms import drop_constant_terms
from gml.passes.drop_tangents import drop_tangents
from gml.passes.fold_constants import fold_constants
from gml.passes.forward_copies import forward_copies
from gml.passes.fuse_plates import fuse_plates
from gml.passes.hoist_data import hoist_data
from gml.passes.hoist_invariants import hoist_invariants
from gml.passes.hoist_known_arrays import hoist_known_arrays
from gml.passes.inline_adjoints import inline_adjoints
from gml.passes.inline_copies import inline_copies
from gml.passes.name_reductions import name_reductions
from gml.passes.prune_dead import prune_dead
from gml.passes.share_subexpressions import share_subexpressions
from gml.passes.shift_ranges import shift_ranges
from gml.passes.split_scans import split_scans

Pass = Callable[[Density], Density]

# Each row: a name for --passes, the pass, and why it stands where it does.
PIPELINE: tuple[tuple[str, Pass, str], ...] = (
    ("fold_constants", fold_constants, "first: later passes see through literals"),
    (
        "shift_ranges",
        shift_ranges,
        "early: what index variables index later, arrays, begins at zero",
    ),
    ("inline_copies", inline_copies, "early: an unbounded latent is its position"),
    (
        "cancel_inverses",
        cancel_inverses,
        "early: log(sigma) is the position itself, not work to hoist or share",
    ),
    (
        "hoist_known_arrays",
        hoist_known_arrays,
        "before the passes that ask what is known: whole arrays of data first",
    ),
    (
        "drop_constant_terms",
        drop_constant_terms,
        "before hoist_data, which would make arrays of what only a sum needs",
    ),
    (
        "split_scans",
        split_scans,
        "before hoist_data, which sees through plates better than through scans",
    ),
    ("hoist_data", hoist_data, "before differentiation: data have no adjoints"),
    (
        "hoist_invariants",
        hoist_invariants,
        "before differentiation: the adjoint of a mean is a plate, not a double loop",
    ),
    (
        "name_reductions",
        name_reductions,
        "just before differentiation, which reads the values of reductions",
    ),
    ("differentiate", differentiate, "after all that makes the forward part smaller"),
    ("drop_tangents", drop_tangents, "at once: the gradient has what they say"),
    ("inline_adjoints", inline_adjoints, "at once: fewer reads for the passes after"),
    ("hoist_data", hoist_data, "again, for the partials: 1 / se[n]"),
    ("hoist_invariants", hoist_invariants, "again, for the partials: 1 / sigma"),
    (
        "share_subexpressions",
        share_subexpressions,
        "after the gradient is there, which shares with the score",
    ),
    ("prune_dead", prune_dead, "last: the passes before leave arrays unread"),
)

# For backends that print loops; to one that vectorises, a loop is a recurrence.
LOOP_PIPELINE: tuple[tuple[str, Pass, str], ...] = (
    (
        "compensate_rounding",
        compensate_rounding,
        "first, when all adjoints are there: float32 is the kernels' alone",
    ),
    ("forward_copies", forward_copies, "early: a copy is a loop that need not be"),
    ("fuse_plates", fuse_plates, "when all statements are there"),
    ("contract_arrays", contract_arrays, "last: loops say what outlives an iteration"),
)


def run_loop_pipeline(density: Density, verify: bool = False) -> Density:
    """The density with its plates fused.

    Parameters
    ----------
    density
        After run_pipeline.
    verify
        Whether to check the density after each pass.
    """
    for _, apply_pass, _ in LOOP_PIPELINE:
        density = apply_pass(density)
        if verify:
            verify_density(density)
    return density


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
