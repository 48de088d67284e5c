"""What each name of a model is: a row of four texts."""

from __future__ import annotations

from gml.check.types import describe_support
from gml.emit.pieces import pieces
from gml.ir.model import (
    DataVariable,
    Definition,
    Model,
    ModelFactor,
    ModelSite,
    Role,
    Support,
    VectorSupport,
    scalar_of,
)
from gml.ir.nodes import Scalar

Row = tuple[str, str, str, str]


def overview(model: Model) -> tuple[str, list[Row]]:
    """The model's title, and the role, name, type and origin of each name."""
    title = model.name + (f": {model.doc.splitlines()[0]}" if model.doc else "")
    rows = [_dim_row(model)] if model.dims else []
    rows += [_data_row(d) for d in model.data if not d.is_derived]
    seen: set[str] = set()
    for piece in pieces(model):
        if isinstance(piece, ModelFactor):
            rows.append(("factor", piece.term.site, "", ""))
        elif piece.name not in seen:
            seen.add(piece.name)
            rows.append(_row(piece))
    return title, rows


def _dim_row(model: Model) -> Row:
    names = []
    slots = {dim.ragged.slot for dim in model.dims if dim.ragged}
    for dim in (dim for dim in model.dims if dim.name not in slots):
        if dim.ragged is not None:
            names.append(f"{dim.name}({dim.ragged.parent})")
            continue
        size = dim.size if dim.size is not None else dim.alias_of
        names.append(dim.name + (f" = {size}" if size is not None else ""))
    return "dim", ", ".join(names), "", ""


def _data_row(datum: DataVariable) -> Row:
    shown = _type(datum.support, datum.dims)
    if datum.missing is not None:
        shown = describe_support(datum.support) + "?" + _dims(datum.dims)
    return "data", datum.name, shown, datum.doc or ""


def _row(piece: ModelSite | Definition) -> Row:
    if isinstance(piece, ModelSite):
        note = f"~ {piece.call.distribution}"
        if piece.is_noncentered:
            note += ", non-centred"
        if piece.is_auto:
            note += " as far as the warm-up finds best"
        if piece.role is Role.LATENT and scalar_of(piece.support) is not Scalar.REAL:
            note += ", sampled" if piece.is_sampled else ", summed out"
        shown = _type(piece.support, piece.dims)
    else:
        shown = piece.scalar.value + _dims(piece.dims)
        note = "local" if piece.is_local else ""
    if piece.doc:
        note = f"{note}  # {piece.doc.splitlines()[0]}" if note else piece.doc
    return piece.role.value, piece.name, shown, note


def _type(support: Support, dims: tuple[str, ...]) -> str:
    text = describe_support(support)
    if isinstance(support, VectorSupport):
        return text.split("[")[0] + _dims(dims)
    return text + _dims(dims)


def _dims(dims: tuple[str, ...]) -> str:
    return f"[{', '.join(dims)}]" if dims else ""
