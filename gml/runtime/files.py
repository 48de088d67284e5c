"""Write a fit to a file, whole or not at all."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.runtime.draws import Array, VariableInfo

if TYPE_CHECKING:
    import xarray

    from gml.runtime.fit import Fit

# Stan's names, which exist in this kind of file only.
_STAN_NAMES = {
    "lp": "lp__",
    "acceptance_rate": "accept_stat__",
    "step_size": "stepsize__",
    "n_steps": "n_leapfrog__",
    "diverging": "divergent__",
    "energy": "energy__",
}
EXTRA_GROUPS = ("log_likelihood", "posterior_predictive")
"""What a `.nc` file holds only when asked."""

_CSV_ROWS = 10_000  # at a time, as Python's own numbers
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def check_output_path(path: str | Path) -> None:
    """Raise before a run what `save_fit` would raise after it.

    Raises
    ------
    GmlError
        If the suffix is unknown or the folder cannot be written to (exit code 2).
    """
    path = Path(path)
    if path.suffix.lower() not in WRITERS:
        known = ", ".join(WRITERS)
        raise _error("GML0804", f"{path} is no kind of output", f"GML writes {known}")
    if path.suffix.lower() == ".zarr" and find_spec("zarr") is None:
        help = "pip install 'gmlc[zarr]', or write a .nc file"
        raise _error("GML0804", f"{path} needs zarr, which is not installed", help)
    if not path.parent.is_dir():
        raise _error("GML0802", f"there is no folder {path.parent} to write to")
    if path.is_dir() and not _is_zarr(path):
        raise _error("GML0802", f"{path} is a directory")
    if not os.access(path.parent, os.W_OK):
        raise _error("GML0802", f"{path.parent} cannot be written to")


def _is_zarr(path: Path) -> bool:
    """Zarr stores are folders, which a new one may replace as it may a file."""
    is_named_so = path.suffix.lower() == ".zarr"
    return is_named_so and any((path / n).exists() for n in ("zarr.json", ".zgroup"))


def save_fit(fit: Fit, path: str | Path, groups: Sequence[str] = ()) -> None:
    """Write a fit, with what else is asked for where the format has room for it.

    Raises
    ------
    GmlError
        If the file cannot be written; a file that was there is left as it was.
    """
    check_output_path(path)
    check_groups(path, groups)
    suffix = Path(path).suffix.lower()
    if groups:
        write_whole(path, lambda part: _write_tree(fit.to_datatree(*groups), part))
    else:
        write_whole(path, lambda part: WRITERS[suffix](fit, part))


def check_groups(path: str | Path, groups: Sequence[str]) -> None:
    """Raise if a file of this kind cannot hold the groups, or there are none such."""
    unknown = [group for group in groups if group not in EXTRA_GROUPS]
    if unknown:
        known = ", ".join(EXTRA_GROUPS)
        raise _error("GML0803", f"there is no group `{unknown[0]}`", f"one of {known}")
    if groups and Path(path).suffix.lower() != ".nc":
        raise _error("GML0804", f"{path} has no room for {groups[0]}: a .nc file has")


def save_datatree(make_tree: Callable[[], xarray.DataTree], path: str | Path) -> None:
    """Write a DataTree, whole or not at all; only `.nc` files hold one."""
    check_output_path(path)
    if Path(path).suffix.lower() != ".nc":
        raise _error("GML0804", f"{path} is no kind of output for this", "write a .nc")
    write_whole(path, lambda part: _write_tree(make_tree(), part))


def write_whole(path: str | Path, write: Callable[[Path], None]) -> None:
    """Write to a temporary file beside the target, then rename it."""
    path = Path(path)
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        write(part)
        _put_in_place(part, path)
    except OSError as error:
        reason = error.strerror or str(error)
        is_full = error.errno in _FULL
        raise _error(
            "GML0802",
            f"{path} cannot be written: {reason}",
            "fit.save() to another place: the draws are still there"
            if is_full
            else None,
            exit_code=4 if is_full else 2,
        ) from None
    finally:
        _remove(part)


def _put_in_place(part: Path, path: Path) -> None:
    """Rename; a folder cannot take another's place, which is moved away first."""
    if not path.is_dir():
        part.replace(path)
        return
    old = part.with_suffix(".old")
    path.rename(old)
    part.rename(path)
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _error(
    code: str, message: str, help: str | None = None, exit_code: int = 2
) -> GmlError:
    return GmlError(Diagnostic(code, message, help=help), exit_code=exit_code)


def _write_netcdf(fit: Fit, path: Path) -> None:
    _write_tree(fit.to_datatree(), path)


def _write_tree(tree: xarray.DataTree, path: Path) -> None:
    tree.to_netcdf(path, engine="h5netcdf")


def _write_zarr(fit: Fit, path: Path) -> None:
    # Of format 3, each of xarray's ways to open a store would warn its readers.
    fit.to_datatree().to_zarr(path, zarr_format=2)


def _write_npz(fit: Fit, path: Path) -> None:
    """Draws by name, statistics as `stats.NAME`, the rest as JSON in `run`."""
    fit.draws.compute(list(fit.draws))
    arrays: dict[str, Array] = dict(fit.draws)
    arrays |= {f"stats.{name}": np.asarray(a) for name, a in fit.stats.items()}
    run = {"model": fit.model, "sampler": fit.sampler, "seed": fit.seed}
    run |= {"timings": dict(fit.timings), "notes": list(fit.notes)}
    arrays["run"] = np.array(json.dumps(run | dict(fit.settings)))
    with path.open("wb") as file:  # given a name, numpy would add a suffix
        np.savez(file, allow_pickle=False, **arrays)


def _write_csv(fit: Fit, path: Path) -> None:
    """A row a draw, chain after chain; elements are named `theta.1`, as Stan's."""
    fit.draws.compute(list(fit.draws))
    stats = {_STAN_NAMES[n]: a for n, a in fit.stats.items() if n in _STAN_NAMES}
    size = fit.num_chains * fit.num_draws
    values: dict[str, Array] = {}
    for variable in fit.draws.variables:
        flat = fit.draws[variable.name].reshape(size, -1)
        values |= zip(_stan_elements(variable), flat.T, strict=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*stats, "chain__", "draw__", *values])
        flat_stats = [array.reshape(-1) for array in stats.values()]
        for start in range(0, size, _CSV_ROWS):
            rows = slice(start, min(start + _CSV_ROWS, size))
            places = np.divmod(np.arange(rows.start, rows.stop), fit.num_draws)
            parts = [array[rows] for array in flat_stats]
            parts += [*places, *(array[rows] for array in values.values())]
            lists = [_plain(part).tolist() for part in parts]
            writer.writerows(zip(*lists, strict=True))


def _plain(column: Array) -> Array:
    """Booleans as 0 and 1, as Stan writes them."""
    return column.astype(np.int64) if column.dtype == np.bool_ else column


def _stan_elements(variable: VariableInfo) -> Iterator[str]:
    for index in np.ndindex(variable.shape):
        yield ".".join([variable.name, *(str(i + 1) for i in index)])


WRITERS: dict[str, Callable[[Fit, Path], None]] = {
    ".nc": _write_netcdf,
    ".zarr": _write_zarr,
    ".npz": _write_npz,
    ".csv": _write_csv,
}
