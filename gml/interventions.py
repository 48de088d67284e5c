"""Models with values fixed: `do` cuts a name off from its causes, `condition` observes.

Both rewrite the text. What they make is a model that can be read, stored, resumed and
pickled as any other, and the lines of the original stay where they are: what goes
leaves its line blank, and declarations are added at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from gml.check.types import describe_support
from gml.diagnostics.diagnostic import Diagnostic, GmlError, Label
from gml.diagnostics.suggest import did_you_mean
from gml.driver import Compilation
from gml.ir.model import (
    BooleanSupport,
    Definition,
    IntegerSupport,
    Model,
    ModelFactor,
    ModelSite,
    RealSupport,
    Recurrence,
    Support,
    VectorSupport,
)
from gml.ir.nodes import Const, Scalar
from gml.source import Source, Span
from gml.syntax import ast

_OF_LATENTS = ("noncentered", "centered", "marginalize", "sample")
"""Decorators that say how a parameter is sampled: data are not."""


def do(compilation: Compilation, values: Mapping[str, Any]) -> Compilation:
    """The model in which names have given values whatever would cause them.

    Their own lines are gone, so nothing is learnt of what they depended on
    (Pearl 2009, section 3.2).

    Raises
    ------
    GmlError
        With exit code 2, for a name that the model does not have.
    """
    pieces = _pieces(compilation.model)
    edits: list[_Edit] = []
    added: list[str] = []
    for name in values:
        _require(name, pieces, compilation)
        edits += [_removed(item) for item in _items(compilation, name)]
        if name in pieces and name not in _data_names(compilation.model):
            added.append(_declaration(name, pieces[name], values[name], compilation))
    return _rewritten(compilation, "do", values, edits, added)


def condition(compilation: Compilation, values: Mapping[str, Any]) -> Compilation:
    """The model in which sites have been observed to have given values.

    Cells of a value that are not a number stay unknown.

    Raises
    ------
    GmlError
        With exit code 2, for a name that is no site of the model.
    """
    pieces = _pieces(compilation.model)
    edits: list[_Edit] = []
    added: list[str] = []
    for name in values:
        _require(name, pieces, compilation)
        if name in _data_names(compilation.model):
            continue
        piece = pieces[name]
        if isinstance(piece, Definition):
            message = f"`{name}` follows from other values: it cannot be observed"
            raise _cannot(message, piece.span, f"`do({name}=..)` fixes it")
        for item in _items(compilation, name):
            edits += _as_observed(item)
        added.append(_declaration(name, piece, values[name], compilation))
    return _rewritten(compilation, "condition", values, edits, added)


# ------------------------------------------------------------------------ names


def _pieces(model: Model) -> dict[str, ModelSite | Definition]:
    """The first line of each site and definition."""
    found: dict[str, ModelSite | Definition] = {}
    for statement in model.statements:
        body = statement.body if isinstance(statement, Recurrence) else (statement,)
        for piece in body:
            if not isinstance(piece, ModelFactor):
                found.setdefault(piece.name, piece)
    return found


def _data_names(model: Model) -> set[str]:
    return {datum.name for datum in model.supplied}


def _require(name: str, pieces: Iterable[str], compilation: Compilation) -> None:
    known = {*pieces, *_data_names(compilation.model)}
    if name not in known:
        message = f"`{compilation.name}` has no `{name}`"
        raise _cannot(message, None, did_you_mean(name, known))


def _items(compilation: Compilation, name: str) -> list[ast.Sample | ast.Define]:
    """The lines that give a name its value."""
    found = list(_lines_of(compilation.tree, name))
    if not found and name not in _data_names(compilation.model):
        message = f"`{name}` has no line of its own in `{compilation.name}`"
        raise _cannot(message, None, "name a site that the text has a line for")
    return found


def _lines_of(model: ast.Model, name: str) -> Iterator[ast.Sample | ast.Define]:

    def inside(items: Iterable[ast.Item]) -> Iterator[ast.Sample | ast.Define]:
        for item in items:
            if isinstance(item, ast.For):
                yield from inside(item.body)
            elif (
                isinstance(item, ast.Sample | ast.Define)
                and item.target.name.name == name
            ):
                yield item

    return inside(model.items)


# ----------------------------------------------------------------- declarations


def _declaration(
    name: str, piece: ModelSite | Definition, value: Any, compilation: Compilation
) -> str:
    """A `data` line for what was a site or a definition."""
    known = {dim.name for dim in compilation.model.dims}
    if not known.issuperset(piece.dims):
        message = f"`{name}` lies over a part of a dim"
        raise _cannot(message, piece.span, "name its length with a `dim` of its own")
    if isinstance(piece, ModelSite):
        type_ = _type(piece.support, piece.dims, _has_gaps(value))
    else:
        type_ = _type(_support_of(piece.scalar), piece.dims, False)
    doc = "".join(f"## {line}\n" for line in (piece.doc or "").splitlines())
    return f"{doc}data {name}: {type_}\n"


def _type(support: Support, dims: tuple[str, ...], has_gaps: bool) -> str:
    match support:
        case RealSupport(lower, upper) | IntegerSupport(lower, upper):
            bounds = [
                f"{word}={_number(bound.value)}"
                for word, bound in (("lower", lower), ("upper", upper))
                if isinstance(bound, Const)  # others may depend on what is unknown
            ]
            word = "real" if isinstance(support, RealSupport) else "int"
            text = word + (f"<{', '.join(bounds)}>" if bounds else "")
        case _:
            text = describe_support(support)
    if isinstance(support, VectorSupport):
        text = text.partition("[")[0]
    text += "?" if has_gaps and isinstance(support, RealSupport) else ""
    return text + (f"[{', '.join(dims)}]" if dims else "")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _support_of(scalar: Scalar) -> Support:
    match scalar:
        case Scalar.REAL:
            return RealSupport()
        case Scalar.INT:
            return IntegerSupport()
        case Scalar.BOOL:
            return BooleanSupport()


def _has_gaps(value: Any) -> bool:
    """Whether a cell is missing: the others are observed, it stays a parameter."""
    import numpy as np

    try:
        return bool(np.isnan(np.asarray(value, dtype=np.float64)).any())
    except (TypeError, ValueError):
        return False  # labels, or nothing that `bind` takes: it will say so


# ----------------------------------------------------------------------- texts


@frozen
class _Edit:
    """Characters that give way to others."""

    start: int
    end: int
    text: str = ""


def _removed(item: ast.Sample | ast.Define) -> _Edit:
    """A line that goes, its newlines kept, and what documented it."""
    text = item.span.source.text
    start = item.span.start
    while True:
        line = text.rfind("\n", 0, max(0, text.rfind("\n", 0, start))) + 1
        if not text[line:start].lstrip().startswith("##") or line >= start:
            break
        start = line + len(text[line:start]) - len(text[line:start].lstrip())
    gone = text[start : item.span.end]
    return _Edit(start, item.span.end, "\n" * gone.count("\n"))


def _as_observed(item: ast.Sample | ast.Define) -> Iterator[_Edit]:
    """Take from a site what only a parameter can have."""
    for decorator in item.decorators:
        if decorator.name.name in _OF_LATENTS:
            yield _Edit(decorator.span.start, decorator.span.end)
    if item.target.type is not None:  # it is in the `data` line
        type_ = item.target.type.span
        colon = type_.source.text.rindex(":", 0, type_.start)
        yield _Edit(colon, type_.end)
    if item.role is not None:
        head = item.span.source.text[item.span.start : item.target.span.start]
        start = item.span.start + head.rindex(item.role.value)
        yield _Edit(start, item.target.span.start)


def _rewritten(
    compilation: Compilation,
    word: str,
    values: Mapping[str, Any],
    edits: Iterable[_Edit],
    added: list[str],
) -> Compilation:
    text = compilation.source.text
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    if added:
        text = text.rstrip("\n") + "\n\n" + "".join(added)
    name = f"{compilation.source.name} with {word}({', '.join(values)})"
    made = compilation.with_text(Source(name, text))
    made.model  # noqa: B018 - mistakes surface here, not at first use
    return made


def _cannot(message: str, span: Span | None, help: str | None) -> GmlError:
    label = Label(span) if span else None
    return GmlError(Diagnostic("GML0908", message, label, help=help), exit_code=2)
