"""Pictures of a saved fit, drawn by arviz-plots: an extra, imported when asked for."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.diagnostics.suggest import did_you_mean

if TYPE_CHECKING:
    import xarray

KINDS = {
    "trace": "plot_trace",
    "rank": "plot_rank",
    "forest": "plot_forest",
    "pair": "plot_pair",
    "ppc": "plot_ppc_dist",
    "energy": "plot_energy",
}
"""The function of arviz-plots for each kind."""

FORMATS = (".png", ".svg", ".pdf")
_MOST_ALONE = 12  # panels of a trace or a rank plot
_MOST_PAIRED = 6  # 36 panels
_MOST_POINTS = 4000
_MOST_CHAINS = 8  # lines that an eye can tell apart
_LOOK = {
    "figure.constrained_layout.use": True,
    "savefig.bbox": "tight",
    "savefig.dpi": 150,
}
_GROUPS: dict[str, tuple[str, ...]] = {
    "ppc": ("posterior_predictive", "observed_data"),
    "energy": ("sample_stats",),
}


def save_plot(
    tree: xarray.DataTree, kind: str, path: str | Path, names: Sequence[str] = ()
) -> list[str]:
    """Draw a fit and write the picture.

    Parameters
    ----------
    tree
        Groups as ArviZ names them.
    kind
        A key of `KINDS`.
    path
        A `.png`, `.svg` or `.pdf` file.
    names
        Variables to draw: all of the posterior, or as many as can be told apart.

    Returns
    -------
    list of str
        What was left out.

    Raises
    ------
    GmlError
        If arviz-plots is not installed, the file lacks what the kind needs, or the
        picture cannot be written.
    """
    path = Path(path)
    if path.suffix not in FORMATS:
        message = f"a picture is a {', '.join(FORMATS)} file, not {path}"
        raise GmlError(Diagnostic("GML0804", message), exit_code=2)
    arviz_plots = _arviz_plots()
    _require(tree, kind)
    tree, options, notes = _prepared(tree, kind, names)
    with warnings.catch_warnings(), _matplotlib().rc_context(_LOOK):
        warnings.simplefilter("ignore")  # of layouts: nothing a user can change
        drawn = getattr(arviz_plots, KINDS[kind])(tree, backend="matplotlib", **options)
        try:
            drawn.savefig(str(path))
        except OSError as error:
            message = f"{path} cannot be written: {error.strerror or error}"
            raise GmlError(Diagnostic("GML0802", message), exit_code=2) from None
    return notes


def _prepared(
    tree: xarray.DataTree, kind: str, names: Sequence[str]
) -> tuple[xarray.DataTree, dict[str, Any], list[str]]:
    """What is drawn of a fit: as much as an eye can tell apart; and what is not."""
    notes: list[str] = []
    match kind:
        case "ppc":
            return _replicated(tree), {}, notes
        case "forest":
            return tree, {"var_names": _chosen(tree, names), "combined": True}, notes
        case "trace" | "rank":
            tree, notes = _scalars(tree, _chosen(tree, names), _MOST_ALONE)
            tree, fewer = _fewer_chains(tree)
            return tree, {}, notes + fewer
        case "pair":
            tree, notes = _scalars(tree, _chosen(tree, names), _MOST_PAIRED)
            return _thinned(tree), {}, notes
        case _:
            return tree, {}, notes


def _arviz_plots() -> Any:
    try:
        _matplotlib().use("Agg")  # there may be no screen
        return importlib.import_module("arviz_plots")
    except ImportError:
        diagnostic = Diagnostic(
            "GML0813", "arviz-plots is not installed", help="pip install 'gmlc[plot]'"
        )
        raise GmlError(diagnostic, exit_code=2) from None


def _matplotlib() -> Any:
    return importlib.import_module("matplotlib")


def _require(tree: xarray.DataTree, kind: str) -> None:
    """The groups that a kind draws."""
    for group in _GROUPS.get(kind, ("posterior",)):
        if group in tree.children:
            continue
        help = None
        if kind == "ppc":
            help = "write one with `gmlc MODEL --infer hmc -o FILE "
            help += "--save posterior_predictive`"
        message = f"the file has no group {group}, which `--kind {kind}` draws"
        raise GmlError(Diagnostic("GML0724", message, help=help), exit_code=3)
    if kind == "energy" and "energy" not in tree["sample_stats"].data_vars:
        message = "the file has no energies: its sampler has none"
        raise GmlError(Diagnostic("GML0724", message), exit_code=3)


def _chosen(tree: xarray.DataTree, names: Sequence[str]) -> list[str]:
    there = [str(name) for name in tree["posterior"].data_vars]
    for name in names:
        if name not in there:
            help = did_you_mean(name, there)
            diagnostic = Diagnostic("GML0201", f"no draws of `{name}`", help=help)
            raise GmlError(diagnostic, exit_code=2)
    return list(names) or there


def _scalars(
    tree: xarray.DataTree, names: Sequence[str], most: int
) -> tuple[xarray.DataTree, list[str]]:
    """Elements as variables of their own, the first ones."""
    import xarray

    found: dict[str, xarray.DataArray] = {}
    for name in names:
        array = tree["posterior"][name]
        dims = [dim for dim in array.dims if dim not in ("chain", "draw")]
        for place in np.ndindex(*(array.sizes[dim] for dim in dims)):
            element = array.isel(dict(zip(dims, place, strict=True)))
            labels = [str(element.coords[d].item()) for d in dims]
            shown = f"{name}[{', '.join(labels)}]" if labels else name
            found[shown] = element.drop_vars(dims)
    chosen = dict(list(found.items())[:most])
    groups = {"posterior": xarray.Dataset(chosen)}
    if "sample_stats" in tree.children:
        groups["sample_stats"] = tree["sample_stats"].to_dataset()
    left_out = len(found) - len(chosen)
    note = f"{left_out} more are left out (`--names A,B` chooses)"
    return xarray.DataTree.from_dict(groups), [note] if left_out else []


def _thinned(tree: xarray.DataTree) -> xarray.DataTree:
    """As many draws as there can be points in a panel."""
    import xarray

    sizes = tree["posterior"].sizes
    every = max(1, sizes["chain"] * sizes["draw"] // _MOST_POINTS)
    groups = {
        name: child.to_dataset().isel(draw=slice(None, None, every))
        for name, child in tree.children.items()
    }
    return xarray.DataTree.from_dict(groups)


def _replicated(tree: xarray.DataTree) -> xarray.DataTree:
    """Data and their replicates, without what was generated beside them."""
    import xarray

    groups = ("posterior_predictive", "observed_data")
    both = set(tree[groups[0]].data_vars) & set(tree[groups[1]].data_vars)
    kept = {}
    for group in groups:
        arrays = {name: tree[group][name] for name in sorted(both, key=str)}
        dims = {name: set(a.dims) - {"chain", "draw"} for name, a in arrays.items()}
        kept[group] = xarray.Dataset(
            {n: a if dims[n] else a.expand_dims("cell", -1) for n, a in arrays.items()}
        )
    return xarray.DataTree.from_dict(kept)


def _fewer_chains(tree: xarray.DataTree) -> tuple[xarray.DataTree, list[str]]:
    import xarray

    count = tree["posterior"].sizes["chain"]
    if count <= _MOST_CHAINS:
        return tree, []
    every = count // _MOST_CHAINS
    chosen = {"chain": slice(None, every * _MOST_CHAINS, every)}
    groups = {
        name: child.to_dataset().isel(chosen) if "chain" in child.sizes else child
        for name, child in tree.children.items()
    }
    note = f"{_MOST_CHAINS} of {count} chains are drawn"
    return xarray.DataTree.from_dict(groups), [note]
