"""Leave-one-out cross-validation, by arviz-stats. Importing this imports ArviZ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import arviz_base
import arviz_stats
import numpy as np

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.diagnostics.suggest import did_you_mean
from gml.runtime.diagnostics import ess_mean
from gml.runtime.draws import Array

if TYPE_CHECKING:
    import xarray
    from arviz_stats.utils import ELPDData

    from gml.runtime.fit import Fit

_arviz: Any = arviz_stats  # which has no types

MOST_ELEMENTS = 2**26
"""Terms (512 MB of float64) that are smoothed at once; beyond it draws are thinned."""

_LEAST_DRAWS = 1000
_SPREAD = 1e-6  # nats: far below any error of an estimate


def loo_of_fit(fit: Fit, name: str | None = None) -> ELPDData:
    """See `Fit.loo`."""
    terms = fit.log_likelihood()
    return loo_of_terms({v.name: terms[v.name] for v in terms.variables}, name)


def loo_of_datatree(tree: xarray.DataTree, name: str | None = None) -> ELPDData:
    """The same from a file that has a group log_likelihood.

    Raises
    ------
    GmlError
        If it has none (exit code 3).
    """
    if "log_likelihood" not in tree.children:
        raise GmlError(
            Diagnostic(
                "GML0724",
                "the file has no group log_likelihood",
                help="write one with `gmlc MODEL --infer hmc -o FILE "
                "--save log_likelihood`",
            ),
            exit_code=3,
        )
    group = tree["log_likelihood"]
    return loo_of_terms({str(n): np.asarray(a) for n, a in group.items()}, name)


def loo_of_terms(terms: dict[str, Array], name: str | None = None) -> ELPDData:
    """Leave out each element of the named array, or each of all arrays.

    Parameters
    ----------
    terms
        Log likelihoods (chain, draw, *shape); elements that are NaN are no
        observations.
    """
    if name is not None and name not in terms:
        message = f"there is no log likelihood of `{name}`"
        help = did_you_mean(name, terms)
        raise GmlError(Diagnostic("GML0724", message, help=help), exit_code=2)
    chosen = {name: terms[name]} if name is not None else terms
    flat = {n: a.reshape(*a.shape[:2], -1) for n, a in chosen.items()}
    values = np.concatenate(list(flat.values()), axis=2)
    labels = [label for n, a in chosen.items() for label in _labels(n, a.shape[2:])]
    is_present = ~np.isnan(values).all(axis=(0, 1))
    values = _thinned(values[:, :, is_present])
    place = [label for label, keep in zip(labels, is_present, strict=True) if keep]
    # The efficiency of the draws for what is averaged, the likelihood itself.
    total = values.sum(axis=2)
    efficiency = float(np.clip(ess_mean(total)[0] / total.size, 1e-3, 1.0))
    tree = _tree(_varied(values), place)
    found: ELPDData = _arviz.loo(tree, pointwise=True, reff=efficiency)
    return found


def _thinned(values: Array) -> Array:
    """Fewer draws of each chain where all would fill the memory."""
    chains, draws, size = values.shape
    if chains * draws * size <= MOST_ELEMENTS:
        return values
    wanted = max(MOST_ELEMENTS // max(size, 1), _LEAST_DRAWS)
    return values[:, :: -(-chains * draws // wanted)]


def _varied(values: Array) -> Array:
    """Terms that no parameter changes, a little spread: ArviZ fits a tail to all."""
    is_constant = np.ptp(values, axis=(0, 1)) == 0
    if not is_constant.any():
        return values
    ramp = np.linspace(-_SPREAD, _SPREAD, values.shape[0] * values.shape[1])
    spread = ramp.reshape(values.shape[:2])[:, :, None] * is_constant
    varied: Array = values + spread
    return varied


def _labels(name: str, shape: tuple[int, ...]) -> list[str]:
    return [
        f"{name}[{', '.join(map(str, index))}]" if index else name
        for index in np.ndindex(shape)
    ]


def _tree(values: Array, labels: list[str]) -> Any:
    return arviz_base.from_dict(
        {"posterior": {"lp": values.sum(axis=2)}, "log_likelihood": {"terms": values}},
        coords={"observation": labels},
        dims={"terms": ["observation"]},
        check_conventions=False,
    )
