"""`gmlc loo`."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gml.cli_output import print_diagnostics, print_text
from gml.cli_workflow import WorkflowArguments
from gml.compiled import load
from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.runtime.progress_display import progress_display
from gml.runtime.saved import open_tree

if TYPE_CHECKING:
    from arviz_stats.utils import ELPDData

_MOST_NAMED = 5


def loo(arguments: WorkflowArguments) -> int:
    """Print one model's estimate, or compare those of several."""
    found = [_estimate(subject, arguments) for subject in arguments.subjects]
    if len(found) == 1:
        print_text("\n".join(_report(found[0])))
    else:
        names = [Path(subject).stem for subject in arguments.subjects]
        print_text("\n".join(_comparison(names, found)))
    return 0


def _estimate(subject: str, arguments: WorkflowArguments) -> ELPDData:
    name = arguments.names[0] if arguments.names else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of large Pareto shapes: the report names them
        if Path(subject).suffix == ".nc":
            return _of_file(subject, name)
        return _of_model(subject, name, arguments)


def _of_file(path: str, name: str | None) -> ELPDData:
    from gml.runtime.loo import loo_of_datatree

    with open_tree(path) as tree:
        return loo_of_datatree(tree, name)


def _of_model(path: str, name: str | None, arguments: WorkflowArguments) -> ELPDData:
    model = load(path)
    print_diagnostics(model.warnings, arguments.message_format)
    values, settings, origin = arguments.read_values()
    bound = model.bind(
        values | settings,
        backend=arguments.backend,
        device=arguments.device,
        dtype=arguments.dtype,
        origin=origin,
    )
    for note in bound.prepare():
        arguments.note(note)
    mode = "none" if arguments.quiet else "auto"
    with progress_display(mode, sys.stderr, arguments.chains) as display:
        fit = bound.sample(
            arguments.sampler,
            chains=arguments.chains,
            warmup=arguments.warmup,
            draws=arguments.draws,
            seed=arguments.seed,
            on_progress=display,
        )
    if not fit.verdict.is_fine:
        print_text(fit.verdict.to_text(), sys.stderr)
    arguments.note(f"seed {fit.seed}")
    return fit.loo(name)


# ---------------------------------------------------------------------- reports


def _report(found: ELPDData) -> list[str]:
    lines = [
        f"elpd_loo  {found.elpd:10.2f}  standard error {found.se:.2f}",
        f"p_loo     {found.p:10.2f}  effective parameters",
        f"{found.n_data_points} observations, {found.n_samples:,} draws",
    ]
    return [*lines, *_reliability(found)]


def _reliability(found: ELPDData) -> list[str]:
    k = np.asarray(found.pareto_k).ravel()
    bad = np.flatnonzero(~(k <= found.good_k))
    if not len(bad):
        return [f"Pareto k is at most {k.max():.2f}: the estimate is reliable."]
    worst = bad[np.argsort(-k[bad])][:_MOST_NAMED]
    labels = _labels(found)
    named = ", ".join(f"{labels[i]} ({k[i]:.2f})" for i in worst)
    more = f" and {len(bad) - len(worst)} more" if len(bad) > len(worst) else ""
    count = "1 observation" if len(bad) == 1 else f"{len(bad)} observations"
    return [
        f"Pareto k of {count} is above {found.good_k:.2f}: {named}{more}.",
        "Without them the posterior is too different for importance sampling: fit",
        "again with them left out, or let the model expect such data.",
    ]


def _labels(found: Any) -> list[str]:
    return [str(label) for label in found.pareto_k.coords["observation"].values]


def _comparison(names: list[str], found: list[ELPDData]) -> list[str]:
    """The best first, the others by how much worse they are."""
    terms = [np.asarray(f.elpd_i).ravel() for f in found]
    if len({len(t) for t in terms}) > 1:
        counts = ", ".join(f"{n}: {len(t)}" for n, t in zip(names, terms, strict=True))
        message = f"the models have different numbers of observations ({counts})"
        raise GmlError(Diagnostic("GML0724", message), exit_code=3)
    order = sorted(range(len(found)), key=lambda i: -found[i].elpd)
    best = terms[order[0]]
    width = max(len(name) for name in names)
    lines = [f"{'':{width}}    elpd_loo        se  difference        se     p_loo"]
    for i in order:
        gap = terms[i] - best
        error = float(np.sqrt(len(gap) * gap.var()))
        f = found[i]
        lines.append(
            f"{names[i]:{width}}  {f.elpd:10.2f}  {f.se:8.2f}  {gap.sum():10.2f}"
            f"  {error:8.2f}  {f.p:8.2f}"
        )
        lines += [f"  {line}" for line in _reliability(f) if f.warning]
    return lines
