"""The sizes of dims: from literals, from scalars of the dim's name, from shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, field, frozen

from gml.data.declared import Declared, Values, dims_text, shape_text
from gml.data.labels import Labels
from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.ir.model import Model, ModelDim
from gml.source import Span

_TOO_MANY = 2**31  # elements of one dim; far less than this fills any memory
_MOST_DIGITS = 24  # of a number that a message shows


@frozen
class _Claim:
    """A size that something gives a dim, and how a message names that thing."""

    size: int
    where: str
    span: Span | None


@define
class Sizes:
    """The sizes found so far, keyed by dims that are no aliases."""

    model: Model
    origin: str
    claims: dict[str, _Claim] = field(factory=dict)
    diagnostics: list[Diagnostic] = field(factory=list)

    def root(self, dim: str) -> str:
        """The dim that a dim is an alias of, in the end."""
        aliases = {d.name: d.alias_of for d in self.model.dims}
        while alias := aliases.get(dim):
            dim = alias
        return dim

    def claim(self, dim: str, claim: _Claim) -> bool:
        """Record a size; whether it agrees with what was known."""
        known = self.claims.setdefault(self.root(dim), claim)
        return known.size == claim.size

    def by_name(self) -> dict[str, int]:
        """The size of every dim that has one, aliases included."""
        return {
            dim.name: self.claims[self.root(dim.name)].size
            for dim in self.model.dims
            if self.root(dim.name) in self.claims
        }


def resolve_sizes(
    model: Model,
    arrays: Mapping[str, Values],
    given: Mapping[str, Any],
    origin: str,
    labels: Mapping[str, Labels],
    parents: Mapping[str, int],
) -> tuple[dict[str, int], list[Diagnostic]]:
    """The size of each dim, and what is wrong with them.

    Arrays have the rank that the model declares. An array without elements may have
    less, as an empty list has: the dims it leaves out claim nothing.
    """
    sizes = Sizes(model, origin)
    for dim in model.dims:
        _claim_own_size(sizes, dim, given)
        if dim.name in labels:
            _claim_labels(sizes, dim, labels[dim.name])
        if dim.name in parents:
            claim = _Claim(parents[dim.name], "by rows or lengths", dim.span)
            if not sizes.claim(dim.name, claim):
                known = sizes.claims[sizes.root(dim.name)]
                message = _contradiction(dim.name, known, claim)
                label = Label(dim.span, "declared here") if dim.span else None
                help = f"give a row for each `{dim.name}`, an empty one where it is so"
                sizes.diagnostics.append(
                    Diagnostic("GML0602", message, label, help=help)
                )
    for variable in model.data:
        if variable.name in arrays:
            shape = arrays[variable.name].shape
            _claim_shape(sizes, Declared(variable, origin), shape)
    return sizes.by_name(), sizes.diagnostics


def unsized_dims(model: Model, sizes: Mapping[str, int]) -> Iterator[Diagnostic]:
    """An error for each dim that nothing gives a size."""
    slots = {dim.ragged.slot for dim in model.dims if dim.ragged}
    for dim in model.dims:
        if dim.name in sizes or dim.alias_of or dim.name in slots:
            continue
        yield Diagnostic(
            "GML0404",
            f"`{dim.name}` has no size",
            Label(dim.span, "declared here") if dim.span else None,
            help=f'add "{dim.name}": 3 to the data, or declare `dim {dim.name} = 3`',
        )


def _claim_own_size(sizes: Sizes, dim: ModelDim, given: Mapping[str, Any]) -> None:
    if dim.size is not None:
        sizes.claim(dim.name, _Claim(dim.size, "in its declaration", dim.span))
    entry = _scalar(given.get(dim.name))
    if entry is None:
        return
    label = Label(dim.span, "declared here") if dim.span else None
    if not 0 <= entry < _TOO_MANY or not float(entry).is_integer():
        shown = str(entry)
        shown = shown if len(shown) <= _MOST_DIGITS else f"{shown[:_MOST_DIGITS]}.."
        message = f"`{dim.name}` = {shown} in {sizes.origin} is no number of elements"
        help = f"write a whole number, or leave `{dim.name}` out: arrays have a size"
        sizes.diagnostics.append(Diagnostic("GML0602", message, label, help=help))
        return
    claim = _Claim(int(entry), f"by `{dim.name}` in {sizes.origin}", None)
    if not sizes.claim(dim.name, claim):
        known = sizes.claims[sizes.root(dim.name)]
        message = _contradiction(dim.name, known, claim)
        help = f"leave `{dim.name}` out of the data"
        sizes.diagnostics.append(Diagnostic("GML0602", message, label, help=help))


def _claim_labels(sizes: Sizes, dim: ModelDim, labels: Labels) -> None:
    claim = _Claim(len(labels.names), f"by {labels.where}", dim.span)
    if sizes.claim(dim.name, claim):
        return
    message = _contradiction(dim.name, sizes.claims[sizes.root(dim.name)], claim)
    label = Label(dim.span, "declared here") if dim.span else None
    help = f'list a label for each element: "{sizes.root(dim.name)}": [..]'
    sizes.diagnostics.append(Diagnostic("GML0602", message, label, help=help))


def _claim_shape(sizes: Sizes, declared: Declared, shape: tuple[int, ...]) -> None:
    variable = declared.variable
    clashes: list[tuple[str, _Claim, _Claim]] = []
    for dim, size in zip(variable.dims, shape, strict=False):
        claim = _Claim(size, f"in `{variable.name}`", variable.span)
        if not sizes.claim(dim, claim):
            clashes.append((dim, sizes.claims[sizes.root(dim)], claim))
    if not clashes:
        return
    dim, known, claim = clashes[0]
    secondary = (
        (Label(known.span, f"{known.size} elements"),)
        if known.span and known.span != variable.span
        else ()
    )
    sizes.diagnostics.append(
        Diagnostic(
            "GML0602",
            _contradiction(dim, known, claim),
            declared.label(f"{declared.origin} has {shape_text(shape)}"),
            secondary,
            help=_transpose_advice(sizes, variable.dims, shape)
            or f"everything over `{dim}` has the same length; another length needs "
            "a dim of its own",
        )
    )


def _contradiction(dim: str, known: _Claim, claim: _Claim) -> str:
    elements = "element" if known.size == 1 else "elements"
    return (
        f"`{dim}` has {known.size} {elements} {known.where} "
        f"but {claim.size} {claim.where}"
    )


def _transpose_advice(
    sizes: Sizes, dims: tuple[str, ...], shape: tuple[int, ...]
) -> str | None:
    known = [sizes.claims[sizes.root(dim)].size for dim in dims]
    transposed = list(shape[::-1])  # shorter than `dims` where the data are `[]`
    if len(dims) == 2 and known == transposed and known != list(shape):
        swapped = dims_text(dims[::-1])
        return f"the data are laid out as {swapped}: transpose them"
    return None


def _scalar(value: Any) -> int | float | None:
    """The number that a scalar of any library is; None for anything else."""
    if getattr(value, "shape", None) == ():
        value = value.item()
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else None
