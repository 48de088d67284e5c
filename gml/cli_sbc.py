"""`gmlc sbc`."""

from __future__ import annotations

import sys

from gml.cli_output import print_diagnostics, print_text
from gml.cli_workflow import WorkflowArguments
from gml.compiled import load

FAILED = 5
_STEP = 50  # replications between reports where there is no terminal


def sbc(arguments: WorkflowArguments) -> int:
    """Print the tests of every quantity; 5 where the ranks are not uniform."""
    model = load(arguments.model)
    print_diagnostics(model.warnings, arguments.message_format)
    values, settings, origin = arguments.read_values()
    # Data that are to be simulated may be missing: any that fit will do.
    data = model.simulate(values | settings, seed=0, origin=origin)
    bound = model.bind(
        data,
        backend=arguments.backend,
        device=arguments.device,
        dtype=arguments.dtype,
    )
    found = bound.sbc(
        arguments.replications,
        arguments.sampler,
        names=arguments.names,
        chains=arguments.chains,
        warmup=arguments.warmup,
        seed=arguments.seed,
        on_replication=_quiet if arguments.quiet else _tell,
    )
    print_text(str(found))
    arguments.note(f"seed {found.seed}; {found.spacing} iterations between draws")
    return 0 if found.is_uniform else FAILED


def _tell(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\rreplication {done} of {total}", end=end, file=sys.stderr, flush=True)
    elif done % _STEP == 0:
        print_text(f"replication {done} of {total}", sys.stderr)


def _quiet(done: int, total: int) -> None:
    del done, total
