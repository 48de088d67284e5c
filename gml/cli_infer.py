"""`gmlc MODEL --infer` and `--emit block`."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Any

from attrs import evolve

from gml.bound import BoundModel
from gml.cli_arguments import Arguments
from gml.cli_output import print_diagnostics, print_text
from gml.compiled import CompiledModel
from gml.data import default_data_path, parse_setting, read_data_file
from gml.diagnostics.diagnostic import Diagnostic, GmlError, Severity
from gml.driver import Compilation
from gml.recording import run_folder
from gml.runtime.files import check_groups, check_output_path
from gml.runtime.fit import Fit
from gml.runtime.memory import is_large, machine_bytes, shortage
from gml.runtime.progress_display import progress_display
from gml.runtime.stored.folder import folder_of
from gml.runtime.stored.record import discard_run, num_stored_draws
from gml.samplers import SAMPLERS
from gml.schedule.plan import print_block
from gml.stored_runs import bind_stored, stored_settings

INTERRUPTED = 130
FAILED = 5


def infer(compilation: Compilation, arguments: Arguments) -> int:
    """Bind, sample, print the table and the verdict, write the file."""
    output = _output(arguments)
    if output is not None:
        check_output_path(output)  # before the work, not after it
    check_groups(output or "no file", arguments.save)
    bound = _bound(compilation, arguments)
    for note in bound.prepare():
        _note(note, arguments)
    if arguments.resume is None:
        _state_memory(bound, arguments)
    try:
        fit = _sampled(bound, arguments)
        is_interrupted = fit.raw.is_interrupted
        if fit.num_draws:
            print_text(str(fit.summary()))
            print_text("")
            print_text(fit.verdict.to_text(color=_use_color()))
            if output is not None:
                fit.save(output, arguments.save)
    except (KeyboardInterrupt, GmlError):
        _tell_how_to_go_on(arguments)
        raise
    for note in fit.notes:
        _note(note, arguments)
    if not arguments.quiet:
        _note(_timing(fit), arguments)
    if is_interrupted:
        _tell_how_to_go_on(arguments)
    elif output is not None:
        discard_run(_folder(arguments))
    return INTERRUPTED if is_interrupted else _failed(fit, arguments)


def _failed(fit: Fit, arguments: Arguments) -> int:
    """The exit code that `--fail-on` asks for."""
    failed = fit.verdict.failed(arguments.fail_on) if arguments.fail_on else ()
    if failed:
        print_text(f"failed on {', '.join(failed)}", sys.stderr)
    return FAILED if failed else 0


def _state_memory(bound: BoundModel, arguments: Arguments) -> None:
    """Say what the run will need, if it is much."""
    is_streamed = arguments.output is not None
    memory = bound.memory(
        chains=arguments.chains,
        draws=arguments.draws,
        warmup=arguments.warmup,
        is_streamed=is_streamed,
    )
    help = shortage(memory, is_streamed)
    if help is not None:
        there = f"this machine has {machine_bytes() / 1e9:.1f} GB"
        text = f"the run needs {memory}; {there}"
        warning = Diagnostic("GML0714", text, help=help, severity=Severity.WARNING)
        print_diagnostics([warning], arguments.message_format)
    elif is_large(memory):
        _note(str(memory), arguments)


def _sampled(bound: BoundModel, arguments: Arguments) -> Fit:
    mode = "none" if arguments.quiet else arguments.progress
    with progress_display(mode, sys.stderr, arguments.chains) as display:
        if arguments.resume is not None:
            return bound.resume(
                arguments.resume, expected=_asked(arguments), on_progress=display
            )
        return bound.sample(
            arguments.infer or "hmc",
            chains=arguments.chains,
            warmup=arguments.warmup,
            draws=arguments.draws,
            thin=arguments.thin,
            seed=arguments.seed,
            block=arguments.block,
            stream_to=folder_of(arguments.output) if arguments.output else None,
            on_progress=display,
        )


# ------------------------------------------------------------------ going on


_RUN_OPTIONS = ("chains", "warmup", "draws", "thin", "seed", "block", "dtype")


def _asked(arguments: Arguments) -> dict[str, Any]:
    """What the user gave, which the stored run is to agree with."""
    asked = {
        name: getattr(arguments, name)
        for name in _RUN_OPTIONS
        if name in arguments.explicit
    }
    return asked | ({"sampler": arguments.infer} if arguments.infer else {})


def _folder(arguments: Arguments) -> Path:
    return run_folder(arguments.resume or arguments.output or "")


def _output(arguments: Arguments) -> str | None:
    """The file to write; a run goes on to write the file that it was to write."""
    if arguments.output is not None or arguments.resume is None:
        return arguments.output
    folder = run_folder(arguments.resume)
    return str(folder.with_suffix("")) if folder.suffix == ".draws" else None


def _tell_how_to_go_on(arguments: Arguments) -> None:
    if arguments.output is None and arguments.resume is None:
        return
    try:
        draws = num_stored_draws(_folder(arguments))
    except GmlError:
        return  # the run has not begun, or is what the error is about
    words = ["gmlc", arguments.model, "--resume", arguments.resume or arguments.output]
    words += ["--data", arguments.data] if arguments.data else []
    for setting in arguments.settings:
        words += ["--set", setting]
    command = shlex.join(str(word) for word in words)
    _note(f"{draws} draws a chain are stored; to go on: {command}", arguments)


def emit_block(compilation: Compilation, arguments: Arguments) -> int:
    """The block that `--infer` (HMC if not given, or not yet chosen) would run."""
    bound = _bound(compilation, arguments)
    sampler = SAMPLERS.get(arguments.infer or "hmc", SAMPLERS["hmc"])
    plan = bound.plan(arguments.block)
    text = print_block(plan, sampler, bound.ndim, arguments.chains)
    print_text(text.rstrip("\n"))
    return 0


def emit_kernel(compilation: Compilation, arguments: Arguments) -> int:
    """The GPU kernel of `--infer` (HMC if not given); with data, for their sizes."""
    from gml.backend.fused.unsupported import Unsupported
    from gml.backend.gpu.emit import kernel_text

    sampler = SAMPLERS.get(arguments.infer or "hmc", SAMPLERS["hmc"])
    sizes = None
    if arguments.data or arguments.settings or default_data_path(arguments.model):
        sizes = _bound(compilation, evolve(arguments, device="cpu")).data.sizes
    try:
        text = kernel_text(compilation.loops, sizes, sampler, arguments.emit or "cuda")
    except Unsupported as error:
        raise GmlError(
            Diagnostic("GML0708", f"there is no kernel for this model: {error}"),
            exit_code=4,
        ) from error
    print_text(text.rstrip("\n"))
    return 0


def _bound(compilation: Compilation, arguments: Arguments) -> BoundModel:
    values: dict[str, Any] = {}
    path = arguments.data or default_data_path(arguments.model)
    backend, device, dtype = arguments.backend, arguments.device, arguments.dtype
    if arguments.resume is not None:
        if path is None and not arguments.settings:
            return bind_stored(arguments.resume, compilation)
        stored = stored_settings(arguments.resume)
        backend = backend if "backend" in arguments.explicit else stored["backend"]
        device = device if "device" in arguments.explicit else stored["device"]
        dtype = dtype if "dtype" in arguments.explicit else stored["dtype"]
    if path is not None:
        values |= read_data_file(path)
    values |= dict(parse_setting(text) for text in arguments.settings)
    origin = Path(path).name if path is not None else "the command line"
    if path is not None and arguments.settings:
        origin += " and --set"
    return CompiledModel(compilation).bind(
        values, backend=backend, device=device, dtype=dtype, origin=origin
    )


def _use_color() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _note(text: str, arguments: Arguments) -> None:
    if not arguments.quiet:
        print_text(f"note: {text}", sys.stderr)


def _timing(fit: Fit) -> str:
    parts = [f"{name} {seconds:.2f} s" for name, seconds in fit.timings.items()]
    return f"seed {fit.seed}; {', '.join(parts)}"
