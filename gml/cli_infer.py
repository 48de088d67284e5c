"""`gmlc MODEL --infer` and `--emit block`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from gml.bound import BoundModel
from gml.cli_arguments import Arguments
from gml.cli_output import print_text
from gml.compiled import CompiledModel
from gml.data import default_data_path, parse_setting, read_data_file
from gml.driver import Compilation
from gml.runtime.files import check_output_path
from gml.runtime.fit import Fit
from gml.runtime.progress_display import progress_display
from gml.samplers import SAMPLERS
from gml.schedule.plan import print_block

INTERRUPTED = 130


def infer(compilation: Compilation, arguments: Arguments) -> int:
    """Bind, sample, print the table and the verdict, write the file."""
    if arguments.output is not None:
        check_output_path(arguments.output)  # before the work, not after it
    bound = _bound(compilation, arguments)
    for note in bound.prepare():
        _note(note, arguments)
    fit = _sampled(bound, arguments)
    is_interrupted = fit.raw.is_interrupted
    if fit.num_draws:
        print_text(str(fit.summary()))
        print_text("")
        print_text(fit.verdict.to_text(color=_use_color()))
        if arguments.output is not None:
            fit.save(arguments.output)
    for note in fit.notes:
        _note(note, arguments)
    if not arguments.quiet:
        _note(_timing(fit), arguments)
    return INTERRUPTED if is_interrupted else 0


def _sampled(bound: BoundModel, arguments: Arguments) -> Fit:
    mode = "none" if arguments.quiet else arguments.progress
    with progress_display(mode, sys.stderr, arguments.chains) as display:
        return bound.sample(
            arguments.infer or "hmc",
            chains=arguments.chains,
            warmup=arguments.warmup,
            draws=arguments.draws,
            thin=arguments.thin,
            seed=arguments.seed,
            block=arguments.block,
            on_progress=display,
        )


def emit_block(compilation: Compilation, arguments: Arguments) -> int:
    """The block that `--infer` (HMC if not given) would run."""
    bound = _bound(compilation, arguments)
    sampler = SAMPLERS[arguments.infer or "hmc"]
    plan = bound.plan(arguments.block)
    text = print_block(plan, sampler, bound.ndim, arguments.chains)
    print_text(text.rstrip("\n"))
    return 0


def _bound(compilation: Compilation, arguments: Arguments) -> BoundModel:
    values: dict[str, Any] = {}
    path = arguments.data or default_data_path(arguments.model)
    if path is not None:
        values |= read_data_file(path)
    values |= dict(parse_setting(text) for text in arguments.settings)
    origin = Path(path).name if path is not None else "the command line"
    if path is not None and arguments.settings:
        origin += " and --set"
    return CompiledModel(compilation).bind(
        values, backend=arguments.backend, device=arguments.device, origin=origin
    )


def _use_color() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _note(text: str, arguments: Arguments) -> None:
    if not arguments.quiet:
        print_text(f"note: {text}", sys.stderr)


def _timing(fit: Fit) -> str:
    parts = [f"{name} {seconds:.2f} s" for name, seconds in fit.timings.items()]
    return f"seed {fit.seed}; {', '.join(parts)}"
