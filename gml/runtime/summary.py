"""The table of a posterior: moments, quantiles and diagnostics of each quantity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from gml.runtime.diagnostics import diagnose
from gml.runtime.draws import Array, Draws, VariableInfo, VariableKind
from gml.runtime.table import render_table

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped]

Floats = NDArray[np.float64]

QUANTILES = {"5%": 0.05, "50%": 0.50, "95%": 0.95}
COLUMNS = (
    "mean",
    "sd",
    "mcse_mean",
    *QUANTILES,
    "ess_bulk",
    "ess_tail",
    "r_hat",
)
# A wide array is represented by its least converged elements: a full diagnosis takes
# milliseconds an element for many chains, and no one reads a thousand rows.
WIDE = 200
MOST_BYTES = 2**28  # of one variable's draws; a table is no reason to fill the memory


@frozen
class Summary:
    """One row for each element of the variables that were asked for.

    `names` are elements as the language writes them; `variables` and `elements` say
    which element, in C order, of which variable a row is. `columns` has an array for
    each of `COLUMNS`. `notes` say what was left out.
    """

    names: tuple[str, ...]
    columns: Mapping[str, Floats] = field(repr=False)
    variables: tuple[str, ...] = field(repr=False)
    elements: NDArray[np.intp] = field(repr=False)
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return render_table(self)

    def _repr_html_(self) -> str:
        from gml.runtime.html import summary_html

        return summary_html(self)

    def to_text(self, width: int | None = None) -> str:
        """The table, with fewer columns where `width` characters are too few."""
        return render_table(self, width)

    def to_dict(self) -> dict[str, dict[str, float]]:
        """Numbers by element and column."""
        return {
            name: {column: float(self.columns[column][i]) for column in COLUMNS}
            for i, name in enumerate(self.names)
        }

    def to_pandas(self) -> pd.DataFrame:
        """A data frame with the elements as its index."""
        import pandas as pd  # here, since it takes 0.3 s to import

        return pd.DataFrame(dict(self.columns), index=list(self.names))


def summarize(
    draws: Draws,
    names: Sequence[str] = (),
    coords: Mapping[str, Sequence[Any]] | None = None,
) -> Summary:
    """Summarise variables; all reported ones if no names are given.

    Parameters
    ----------
    draws
        The draws of a run.
    names
        Variables to summarise in full. Without names, an array of more than 200
        elements is represented by the 200 whose chains differ most.
    coords
        Labels of the elements of dims, which then name the rows.
    """
    chosen = [draws.variable(name) for name in names or draws]
    notes: list[str] = []
    if not names:
        bulky = [v for v in chosen if _is_bulky(v, draws)]
        notes += [
            f"{v.name}: {v.size} elements are left out; "
            f'fit.summary("{v.name}") has them'
            for v in bulky
        ]
        chosen = [v for v in chosen if v not in bulky]
    draws.compute([variable.name for variable in chosen])
    parts = [_Part.of(draws[v.name], v, may_shorten=not names) for v in chosen]
    columns = [_columns(part.values) for part in parts]
    return Summary(
        tuple(name for part in parts for name in part.element_names(coords or {})),
        {
            name: np.concatenate([c[name] for c in columns] or [np.empty(0)])
            for name in COLUMNS
        },
        tuple(part.variable.name for part in parts for _ in part.elements),
        np.concatenate([p.elements for p in parts] or [np.empty(0, dtype=np.intp)]),
        (*notes, *(note for part in parts for note in part.notes())),
    )


def _is_bulky(variable: VariableInfo, draws: Draws) -> bool:
    """Too large to compute unasked; latents are as large as the positions."""
    num_bytes = 8 * variable.size * draws.num_samples
    return variable.kind is not VariableKind.LATENT and num_bytes > MOST_BYTES


@frozen
class _Part:
    """The chosen elements of one variable: values (chain, draw, len(elements))."""

    variable: VariableInfo
    elements: NDArray[np.intp]
    values: Array

    @staticmethod
    def of(array: Array, variable: VariableInfo, may_shorten: bool) -> _Part:
        flat = array.reshape(*array.shape[:2], -1)
        if may_shorten and variable.size > WIDE:
            elements = np.sort(_least_converged(flat, WIDE))
            return _Part(variable, elements, flat[:, :, elements])
        return _Part(variable, np.arange(variable.size), flat)

    def element_names(self, coords: Mapping[str, Sequence[Any]]) -> Iterator[str]:
        name, dims, shape = self.variable.name, self.variable.dims, self.variable.shape
        for element in self.elements:
            index = np.unravel_index(element, shape)
            places = [
                str(coords[dim][i]) if dim in coords else str(i)
                for dim, i in zip(dims, index, strict=True)
            ]
            yield f"{name}[{', '.join(places)}]" if places else name

    def notes(self) -> Iterator[str]:
        left_out = self.variable.size - len(self.elements)
        if left_out:
            name = self.variable.name
            yield (
                f"{name}: {left_out} of its {self.variable.size} elements are left "
                f'out, those that converged best; fit.summary("{name}") has them all'
            )


def _columns(values: Array) -> dict[str, Floats]:
    reals = values.astype(np.float64)
    convergence = diagnose(reals)
    pooled = reals.reshape(-1, reals.shape[2])
    quantiles = np.quantile(pooled, list(QUANTILES.values()), axis=0)
    return {
        "mean": pooled.mean(axis=0),
        "sd": pooled.std(axis=0),
        "mcse_mean": convergence.mcse_mean,
        **dict(zip(QUANTILES, quantiles, strict=True)),
        "ess_bulk": convergence.ess_bulk,
        "ess_tail": convergence.ess_tail,
        "r_hat": convergence.r_hat,
    }


def _least_converged(values: Array, count: int) -> NDArray[np.intp]:
    """Elements with the largest plain R-hat: a screen, a pass over the draws."""
    between = values.mean(axis=1, dtype=np.float64).var(axis=0)
    within = values.var(axis=1, dtype=np.float64).mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.nan_to_num(between / within, nan=-1.0, posinf=np.inf)
    return np.argpartition(-ratio, count)[:count]
