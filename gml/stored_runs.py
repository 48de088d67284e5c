"""Go on with a run that was ended, from what it wrote down."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from gml.bound import BoundModel
from gml.check.modules import StoredFinder
from gml.driver import Compilation
from gml.recording import read_run_files, run_folder
from gml.runtime.fit import Fit
from gml.runtime.progress import OnProgress
from gml.runtime.stored.record import RunRecord
from gml.source import Source


def resume(path: str | Path, *, on_progress: OnProgress | None = None) -> Fit:
    """Go on with a run as if it had never stopped.

    The model and the data are those that the run was begun with, which are kept beside
    its draws. `BoundModel.resume` takes them from you, and refuses others.

    Parameters
    ----------
    path : str or Path
        The folder that the run streams to, or the file whose folder that is.
    on_progress : callable
        Told after every block.

    Raises
    ------
    GmlError
        If there is no such run, it cannot be read, or was made by other code.
    """
    return bind_stored(path).resume(path, on_progress=on_progress)


def bind_stored(path: str | Path, compilation: Compilation | None = None) -> BoundModel:
    """The model of a stored run, or another one, with its data and on its backend."""
    with closing(RunRecord.open(run_folder(path))) as record:
        text, imported, data = read_run_files(record)
        settings = record.manifest.settings
    if compilation is None:
        name = str(settings["name"])
        source = Source(f"{name}.gml", text)
        compilation = Compilation(source, name, StoredFinder(imported))
    backend, device = str(settings["backend"]), str(settings["device"])
    dtype = str(settings["dtype"])
    return BoundModel(compilation, data, backend=backend, device=device, dtype=dtype)


def stored_settings(path: str | Path) -> Mapping[str, Any]:
    """What a stored run was asked to do."""
    with closing(RunRecord.open(run_folder(path))) as record:
        return record.manifest.settings
