"""Labels of dims: from the strings that data give for indices to numbers.

`data where: index(county)[N]` may be given as strings. The labels of a dim are the
list that the data have under the dim's name, else the categories of a categorical
column, else all the strings found, sorted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from attrs import frozen

from gml.data.cells import Cells
from gml.data.declared import Declared
from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.diagnostics.suggest import near_names
from gml.ir.model import IndexSupport, Model, ModelDim

_MISSING = ("", "na", "nan")
_MOST_SHOWN = 6


@frozen
class Labels:
    """The labels of a dim in the order of its elements, and where they are from."""

    names: tuple[str, ...]
    where: str
    is_ordered: bool

    def code(self, name: str) -> int:
        return self.names.index(name)


@frozen
class Labelled:
    """Data with numbers in place of labels, and the labels by dim (aliases' too)."""

    values: Mapping[str, Any]
    labels: Mapping[str, Labels]
    diagnostics: tuple[Diagnostic, ...] = ()


def code_labels(model: Model, given: Mapping[str, Any], origin: str) -> Labelled:
    """Replace labels by positions, and mappings from labels by arrays."""
    roots = {dim.name: _root(dim, model) for dim in model.dims}
    parts: list[_Column | _Keyed] = [
        *_columns(model, given, origin, roots),
        *_mappings(model, given, origin, roots),
    ]
    problems: list[Diagnostic] = []
    labels: dict[str, Labels] = {}
    for dim in model.dims:
        match _labels_of(dim, [p for p in parts if p.dim == dim.name], given):
            case Diagnostic() as problem:
                problems.append(problem)
            case Labels() as found:
                labels[dim.name] = found
            case None:
                pass
    disputed = [p.name for p in parts if problems and p.dim not in labels]
    values = {name: given[name] for name in given if name not in disputed}
    keyed = set()
    for part in parts:
        if part.dim not in labels or not part.applies(labels[part.dim]):
            continue
        keyed |= {part.name} if isinstance(part, _Keyed) else set()
        match part.in_order(labels[part.dim]):
            case Diagnostic() as problem:
                problems.append(problem)
                del values[part.name]
            case array:
                values[part.name] = array
    everywhere = {d: labels[r] for d, r in roots.items() if r in labels}
    problems += _unordered(model, given, keyed, everywhere, origin)
    return Labelled(values, everywhere, tuple(problems))


def _root(dim: ModelDim, model: Model) -> str:
    aliases = {d.name: d.alias_of for d in model.dims}
    name = dim.name
    while (other := aliases.get(name)) is not None:
        name = other
    return name


# ---------------------------------------------------------------- what is given


@frozen
class _Column:
    """Data for an index in which there is a label at least."""

    declared: Declared
    dim: str
    cells: Any
    categories: tuple[str, ...] | None
    source: Any

    @property
    def name(self) -> str:
        return self.declared.variable.name

    def labels(self) -> Iterator[str]:
        return (c for c in self.cells.flat if isinstance(c, str) and not _is_missing(c))

    def applies(self, labels: Labels) -> bool:
        del labels
        return True

    def in_order(self, labels: Labels) -> Any:
        """Positions, counted from the declared base; NaN for what is missing."""
        known = {name: i for i, name in enumerate(labels.names)}
        base = self.declared.variable.index_base
        numbers: list[float] = []
        for number, cell in enumerate(self.cells.flat):
            if _is_missing(cell):
                numbers.append(np.nan)
            elif isinstance(cell, str) and cell in known:
                numbers.append(known[cell] + base)
            else:
                return self._unknown(number, cell, labels)
        array = np.array(numbers, np.float64).reshape(self.cells.shape)
        return array if np.isnan(array).any() else array.astype(np.int64)

    def _unknown(self, number: int, cell: Any, labels: Labels) -> Diagnostic:
        index = tuple(int(i) for i in np.unravel_index(number, self.cells.shape))
        place = f"{self.declared.element(index)} in {self.declared.origin}"
        if isinstance(self.source, Cells):
            place += self.source.place(number)
        if isinstance(cell, str):
            near = [f'"{n}"' for n in near_names(cell, labels.names)]
            return self.declared.error(
                "GML0612",
                f'{place} is "{cell}", which is no label of `{self.dim}`',
                f"{labels.where}: {_listed(labels.names)}",
                f"did you mean {' or '.join(near)}?"
                if near
                else f'correct it, or add it to the labels: "{self.dim}": [..]',
            )
        return self.declared.error(
            "GML0612",
            f"{place} is {cell} where others are labels",
            "declared here",
            f"give each element as a label of `{self.dim}`, or each as a number",
        )


@frozen
class _Keyed:
    """Data over one dim given as a mapping from labels to values.

    A column of a data frame has an index, which may or may not mean the labels.
    """

    declared: Declared
    dim: str
    values: Mapping[str, Any]
    is_certain: bool

    @property
    def name(self) -> str:
        return self.declared.variable.name

    def labels(self) -> Iterator[str]:
        return iter(self.values)

    def applies(self, labels: Labels) -> bool:
        return self.is_certain or set(self.values) == set(labels.names)

    def in_order(self, labels: Labels) -> Any:
        origin, name = self.declared.origin, self.name
        for key in self.values:
            if key not in labels.names:
                near = [f'"{n}"' for n in near_names(key, labels.names)]
                return self.declared.error(
                    "GML0612",
                    f'`{name}` in {origin} has a value for "{key}", which is no '
                    f"label of `{self.dim}`",
                    f"{labels.where}: {_listed(labels.names)}",
                    f"did you mean {' or '.join(near)}?" if near else "remove it",
                )
        absent = [label for label in labels.names if label not in self.values]
        if absent:
            return self.declared.error(
                "GML0612",
                f'`{name}` in {origin} has no value for "{absent[0]}" of `{self.dim}`',
                f"{labels.where}: {_listed(labels.names)}",
                "give a value for each label",
            )
        return [self.values[label] for label in labels.names]


def _columns(
    model: Model, given: Mapping[str, Any], origin: str, roots: Mapping[str, str]
) -> list[_Column]:
    found = []
    for variable in model.data:
        support = variable.support
        if not isinstance(support, IndexSupport) or variable.name not in given:
            continue
        value = given[variable.name]
        texts = value.texts if isinstance(value, Cells) else value
        try:
            cells = np.asarray(texts, dtype=object)
        except (ValueError, TypeError, RuntimeError):
            continue  # ragged, or no array at all: reported where it is converted
        if any(isinstance(c, str) and not _is_missing(c) for c in cells.flat):
            declared = Declared(variable, origin)
            dim = roots[support.dim]
            found.append(_Column(declared, dim, cells, _categories(value), value))
    return found


def _categories(value: Any) -> tuple[str, ...] | None:
    """The categories of a categorical column of pandas, in their order."""
    categories = getattr(getattr(value, "cat", None), "categories", None)
    if categories is None:
        categories = getattr(value, "categories", None)
    if categories is None or not all(isinstance(c, str) for c in categories):
        return None
    return tuple(str(c) for c in categories)


def _mappings(
    model: Model, given: Mapping[str, Any], origin: str, roots: Mapping[str, str]
) -> list[_Keyed]:
    found = []
    for variable in model.data:
        if len(variable.dims) != 1 or variable.name not in given:
            continue
        value = given[variable.name]
        values = _by_label(value)
        if values is not None:
            declared = Declared(variable, origin)
            dim = roots[variable.dims[0]]
            found.append(_Keyed(declared, dim, values, isinstance(value, Mapping)))
    return found


def _by_label(value: Any) -> Mapping[str, Any] | None:
    """A mapping from labels, or a column whose index has labels."""
    if isinstance(value, Mapping):
        is_labelled = bool(value) and all(isinstance(key, str) for key in value)
        return value if is_labelled else None
    index = getattr(value, "index", None)
    if index is None or callable(index) or not hasattr(value, "to_numpy"):
        return None
    keys = list(index)
    if keys and all(isinstance(k, str) for k in keys) and len(set(keys)) == len(keys):
        return dict(zip(keys, value.to_numpy(), strict=True))
    return None


def _is_missing(cell: Any) -> bool:
    if isinstance(cell, str):
        return cell.strip().lower() in _MISSING
    is_nan = isinstance(cell, float | np.floating) and bool(np.isnan(cell))
    return cell is None or is_nan or type(cell).__name__ in ("NAType", "NaTType")


# ------------------------------------------------------------------- the labels


def _labels_of(
    dim: ModelDim, parts: list[_Column | _Keyed], given: Mapping[str, Any]
) -> Labels | Diagnostic | None:
    """Listed ones, else those of categorical columns, else all that occur."""
    listed = _listed_labels(given.get(dim.name))
    certain = [p for p in parts if isinstance(p, _Column) or p.is_certain]
    if listed is not None:
        twice = _first_twice(listed)
        if twice is None:
            return Labels(listed, f"the labels under `{dim.name}`", True)
        return _repeated(dim, twice, listed) if certain else None
    if not certain:
        return None
    columns = [p for p in certain if isinstance(p, _Column)]
    categorical = [c for c in columns if c.categories is not None]
    for column in categorical[1:]:
        if column.categories != categorical[0].categories:
            return _other_categories(dim, categorical[0], column)
    if categorical:
        names = categorical[0].categories or ()
        return Labels(names, f"the categories of `{categorical[0].name}`", True)
    found = {label for part in certain for label in part.labels()}
    who = ", ".join(f"`{part.name}`" for part in certain)
    return Labels(tuple(_sorted(found)), f"the labels of {who}", False)


def _listed_labels(value: Any) -> tuple[str, ...] | None:
    """The labels under a dim's name: strings, in the order of the elements."""
    if value is None or isinstance(value, str | Mapping):
        return None
    items = value.texts if isinstance(value, Cells) else value
    try:
        items = list(items)
    except TypeError:
        return None
    if not items or not all(isinstance(item, str) for item in items):
        return None
    return tuple(str(item) for item in items)


def _sorted(names: Iterable[str]) -> list[str]:
    """Alphabetically, or by number where every label is one."""
    plain = sorted(names)
    try:
        return sorted(plain, key=float)
    except ValueError:
        return plain


def _first_twice(names: tuple[str, ...]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _unordered(
    model: Model,
    given: Mapping[str, Any],
    keyed: set[str],
    labels: Mapping[str, Labels],
    origin: str,
) -> Iterator[Diagnostic]:
    """Arrays over a dim whose labels were only found: in which order are they?"""
    for variable in model.data:
        if variable.name not in given or variable.name in keyed:
            continue
        for dim in variable.dims:
            found = labels.get(dim)
            if found is None or found.is_ordered:
                continue
            shown = ", ".join(f'"{name}"' for name in found.names[:2])
            yield Declared(variable, origin).error(
                "GML0613",
                f"the order of `{variable.name}` over `{dim}` in {origin} is not known",
                f"{found.where} come in any order",
                f"list them in the order of `{variable.name}`, "
                f'"{dim}": [{shown}, ..], or give values by label',
            )


# --------------------------------------------------------------------- messages


def _repeated(dim: ModelDim, twice: str, listed: tuple[str, ...]) -> Diagnostic:
    first = listed.index(twice)
    second = listed.index(twice, first + 1)
    return Diagnostic(
        "GML0612",
        f'the label `{dim.name}[{second}]` is "{twice}", as `{dim.name}[{first}]` is',
        Label(dim.span, "the labels of a dim differ") if dim.span else None,
        help="give each label once, in the order of the elements",
    )


def _other_categories(dim: ModelDim, first: _Column, other: _Column) -> Diagnostic:
    one, two = first.categories or (), other.categories or ()
    return other.declared.error(
        "GML0612",
        f"`{first.name}` and `{other.name}` have other categories: "
        f"{_listed(one)} and {_listed(two)}",
        f"points into `{dim.name}`, as `{first.name}` does",
        f'list the labels: "{dim.name}": [..]',
    )


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST_SHOWN])
    more = len(names) - _MOST_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
