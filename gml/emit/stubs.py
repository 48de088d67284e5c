"""A model as type checkers see it: a stub for the module that imports it.

`gml.importer` makes the module at run time; the stub beside the model says which data
it takes, which parameters it has, and of which type its draws are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from keyword import iskeyword

from gml.emit.pieces import named_pieces
from gml.ir.model import (
    Definition,
    Model,
    ModelSite,
    Role,
    VectorSupport,
    scalar_of,
)
from gml.ir.nodes import Scalar

_HEADER = """\
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gml import BoundModel, CompiledModel
from gml import Fit as AnyFit
from gml.data import Frame
from gml.runtime.draws import Draws as AnyDraws
from gml.runtime.prior import DataSet
from gml.runtime.progress import OnProgress
from gml.source import Source
"""

_ARRAYS = {
    Scalar.REAL: "NDArray[np.float64]",
    Scalar.INT: "NDArray[np.int64]",
    Scalar.BOOL: "NDArray[np.bool_]",
}

_FIT = """\
class Fit(AnyFit):
    @property
    def draws(self) -> Draws: ...  # pyright: ignore[reportIncompatibleVariableOverride]
"""

_BIND = """\
data: Data | DataSet | Frame | str | Path | None = ...,
*,
backend: Literal["auto", "fused", "graph", "reference"] = ...,
device: Literal["auto", "cpu", "gpu"] = ...,
dtype: Literal["auto", "float32", "float64"] = ...,
origin: str | None = ...,
"""

_SAMPLE = """\
    def sample(  # type: ignore[override]  # samplers by name
        self,
        sampler: Literal["hmc", "mala", "mh", "auto"] = ...,
        *,
        chains: int = ...,
        warmup: int | None = ...,
        draws: int | None = ...,
        thin: int | None = ...,
        seed: int | None = ...,
        block: int | None = ...,
        stream_to: str | Path | None = ...,
        on_progress: OnProgress | None = ...,
    ) -> Fit: ...
    def resume(
        self,
        path: str | Path,
        *,
        expected: Mapping[str, Any] | None = ...,
        on_progress: OnProgress | None = ...,
    ) -> Fit: ...
"""


def print_stub(model: Model) -> str:
    """The text of a `.pyi` file."""
    named = named_pieces(model)
    latents = {n: p for n, p in named.items() if p.role is Role.LATENT}
    drawn = {n: p for n, p in named.items() if _is_drawn(p)}
    observed = {n: p for n, p in named.items() if p.role is Role.OBSERVED}
    parts = [
        *([_docstring(model.doc)] if model.doc else []),
        f"# Made by `gmlc {model.name}.gml --emit stubs`.\n\n{_HEADER}",
        _dict("Data", "What `bind` takes.", _data(model)),
        _dict(
            "Parameters",
            "A value of each parameter.",
            [(n, "ArrayLike", _shown(p)) for n, p in latents.items()],
        ),
        _dict(
            "Values",
            "A value of each parameter, as `constrain` gives it.",
            [(n, _array(p), _shown(p)) for n, p in latents.items()],
        ),
        _mapping("Draws", drawn),
        _mapping("Predictions", observed),
        _FIT + _observed(bool(observed)),
        "\n".join(_bound(bool(observed))),
        "\n".join(_model(model, named)),
        "model: Model\nname: str\nsource: Source\n",
        f"def bind(\n{_indented(_BIND)}) -> Bound: ...\n",
    ]
    return "\n".join(parts)


# ------------------------------------------------------------------------ names


def _is_drawn(piece: ModelSite | Definition) -> bool:
    is_local = isinstance(piece, Definition) and piece.is_local
    return piece.role not in (Role.OBSERVED, Role.KNOWN) and not is_local


def _scalar(piece: ModelSite | Definition) -> Scalar:
    match piece:
        case ModelSite(support=support):
            return scalar_of(support)
        case Definition(scalar=scalar):
            return scalar


def _array(piece: ModelSite | Definition) -> str:
    return _ARRAYS[_scalar(piece)]


def _shown(piece: ModelSite | Definition) -> str:
    return _scalar(piece).value + _dims(piece.dims)


def _dims(dims: Sequence[str]) -> str:
    return f"[{', '.join(dims)}]" if dims else ""


def _data(model: Model) -> Iterator[tuple[str, str, str]]:
    """Keys of the data: arrays, and sizes or labels of dims."""
    for datum in (d for d in model.data if not d.is_derived):
        shown = scalar_of(datum.support).value + _dims(datum.dims)
        if isinstance(datum.support, VectorSupport):
            shown += ", constrained"
        type_ = "ArrayLike"
        if datum.missing is not None:
            type_ += " | list[float | None] | list[int | None]"
            shown += ", cells may be missing"
        yield datum.name, type_, shown
    slots = {dim.ragged.slot for dim in model.dims if dim.ragged}
    for dim in model.dims:
        if dim.size is None and dim.alias_of is None and dim.name not in slots:
            words = "lengths" if dim.ragged else "size, or labels"
            yield dim.name, "NotRequired[ArrayLike]", f"dim: {words}"


# ---------------------------------------------------------------------- classes


def _docstring(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""{escaped}"""\n'


def _dict(name: str, doc: str, fields: Iterable[tuple[str, str, str]]) -> str:
    """A TypedDict; with names that Python has no attributes of as a call."""
    rows = list(fields)
    if all(_is_attribute(key) for key, _, _ in rows):
        lines = [f"    {key}: {type_}  # {shown}" for key, type_, shown in rows]
        return "\n".join([f"class {name}(TypedDict):", f'    """{doc}"""', *lines, ""])
    lines = [f'        "{key}": {type_},  # {shown}' for key, type_, shown in rows]
    head = [f"{name} = TypedDict(", f'    "{name}",', "    {"]
    return "\n".join([*head, *lines, "    },", ")\n"])


def _is_attribute(name: str) -> bool:
    return name.isidentifier() and not iskeyword(name)


def _mapping(name: str, named: dict[str, ModelSite | Definition]) -> str:
    """Draws by name: a misspelt name is a mistake to a type checker."""
    by_type: dict[str, list[str]] = {}
    for key, piece in named.items():
        by_type.setdefault(_array(piece), []).append(key)
    if not by_type:
        return f"class {name}(AnyDraws): ...\n"
    lines = [f"class {name}(AnyDraws):"]
    for number, (array, keys) in enumerate(by_type.items()):
        ignore = "  # type: ignore[override]  # these names alone"
        literal = ", ".join(f'"{key}"' for key in keys)
        overload = ["    @overload" + (ignore if not number else "")]
        head = f"    def __getitem__(self, name: Literal[{literal}]) -> {array}: ..."
        if len(by_type) == 1:
            overload, head = [], head + ignore
        elif number == len(by_type) - 1:  # where Pyright looks; Mypy at the first
            head += "  # pyright: ignore[reportIncompatibleMethodOverride]"
        lines += [*overload, head]
    return "\n".join([*lines, ""])


def _observed(has_observed: bool) -> str:
    if not has_observed:
        return ""
    return (
        "    def predict(self) -> Predictions: ...\n"
        "    def log_likelihood(self) -> AnyDraws: ...\n"
    )


def _bound(has_observed: bool) -> Iterator[str]:
    yield "class Bound(BoundModel):"
    yield (
        "    def constrain(self, position: Any) -> Values: ..."
        "  # type: ignore[override]  # a dict with these keys"
    )
    yield (
        "    def unconstrain(self, values: Parameters) -> NDArray[np.float64]: ..."
        "  # type: ignore[override]  # these keys alone"
    )
    yield _SAMPLE


def _model(model: Model, named: dict[str, ModelSite | Definition]) -> Iterator[str]:
    yield "class Model(CompiledModel):"
    yield "    def bind(  # type: ignore[override]  # these keys alone"
    yield _indented("self,\n" + _BIND, 2) + "    ) -> Bound: ..."
    data = [d.name for d in model.data if not d.is_derived]
    sites = [n for n, p in named.items() if isinstance(p, ModelSite)]
    for word, names in (("do", [*named, *data]), ("condition", [*sites, *data])):
        keys = [name for name in dict.fromkeys(names) if _is_attribute(name)]
        yield f"    def {word}(  # type: ignore[override]  # these names alone"
        yield "        self,"
        yield "        values: Mapping[str, Any] | None = ...,"
        yield "        /,"
        if keys:
            yield "        *,"
        yield from (f"        {key}: Any = ...," for key in keys)
        yield "    ) -> CompiledModel: ..."
    yield ""


def _indented(text: str, levels: int = 1) -> str:
    margin = "    " * levels
    return "".join(f"{margin}{line}\n" for line in text.splitlines())
