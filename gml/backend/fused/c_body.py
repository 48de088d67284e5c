"""Loop nests as C: the statements of a function's body.

A run of items between loops is a segment. Within it scalars come first, then one loop
over the G vectors of a group of chains computes all that differs between chains. A
value that another segment needs is an array of G vectors.
"""

from __future__ import annotations

from typing import assert_never

from attrs import define, field

from gml.backend.fused.c_expressions import (
    C_TYPES,
    Binding,
    Text,
    call,
    fold_step,
    literal,
    neutral,
)
from gml.backend.fused.storage import StorageNames
from gml.backend.fused.uses import Uses
from gml.backend.fused.values import (
    Call,
    Clamp,
    Extent,
    Fold,
    Index,
    Item,
    Kind,
    Literal,
    Load,
    Loop,
    Origin,
    Scope,
    Store,
    Total,
    Update,
    Value,
)
from gml.source import Span

SCORE = "score"
# Longer expressions are broken by naming what they are made of.
_WIDTH = 72


@define
class _Lines:
    """The parts of a segment: scalars, declarations, and the loop over vectors."""

    scalars: list[str] = field(factory=list)
    declarations: list[str] = field(factory=list)
    chains: list[str] = field(factory=list)

    def joined(self) -> list[str]:
        lines = [*self.scalars, *self.declarations]
        if not self.chains:
            return lines
        if len(self.chains) == 1:
            return [*lines, f"EACH {self.chains[0]}"]
        return [*lines, "EACH {", *indented(self.chains), "}"]


@define
class Body:
    """Prints the scopes of one function.

    Parameters
    ----------
    storage
        Where the density's arrays are.
    uses
        What is used where.
    with_origins
        Whether to say which line of the model each statement comes from.
    """

    storage: StorageNames
    uses: Uses
    with_origins: bool = True
    _texts: dict[int, Text] = field(factory=dict)
    _variables: dict[int, str] = field(factory=dict)
    _folds: dict[int, Text] = field(factory=dict)
    _partial_scores: dict[int, str] = field(factory=dict)
    _next_origin: str = ""
    _last_origin: str = ""

    def scope(self, scope: Scope) -> list[str]:
        """The lines of a scope."""
        lines: list[str] = []
        segment = _Lines()
        for item in scope.items:
            if isinstance(item, Loop):
                lines += segment.joined()
                segment = _Lines()
                lines += [*self._origin(), *self._loop(item)]
            else:
                self._item(item, scope, segment)
        return lines + segment.joined()

    # ---------------------------------------------------------------------- items

    def _item(self, item: Item, scope: Scope, lines: _Lines) -> None:
        match item:
            case Value():
                self._value(item, lines)
            case Fold():
                self._start(item, lines)
            case Update(fold=fold, value=value):
                total = self._folds[id(fold)]
                step = fold_step(fold.reduction, total, self._texts[id(value)])
                self._append(lines, fold.kind, step)
            case Store(array=array) if array in self.uses.unread:
                pass
            case Store():
                self._append(lines, Kind.CHAIN_REAL, self._store(item, scope))
            case Origin(span=span):
                self._next_origin = comment(span) if self.with_origins else ""
            case Loop():
                raise TypeError("a loop is not part of a segment")
            case _:
                assert_never(item)

    def _append(self, lines: _Lines, kind: Kind, line: str) -> None:
        part = lines.chains if kind.is_varying else lines.scalars
        part += [*self._origin(), line]

    def _origin(self) -> list[str]:
        """The line of the model that comes next, if it was not the last one, too."""
        if self._next_origin in ("", self._last_origin):
            return []
        self._last_origin = self._next_origin
        return [self._last_origin]

    def _value(self, value: Value, lines: _Lines) -> None:
        uses = self.uses.counts.get(id(value), 0)
        if not uses:
            return
        text = self._expression(value)
        if self._is_named(value, text):
            text = self._named(value, text, lines)
        self._texts[id(value)] = text

    def _is_named(self, value: Value, text: Text) -> bool:
        if isinstance(value.operation, Literal | Index | Extent | Total):
            return False
        return (
            value.label is not None
            or self.uses.counts[id(value)] > 1
            or id(value) in self.uses.shared
            or self.uses.is_read_before_write(value)
            or len(text.text) > _WIDTH
        )

    def _named(self, value: Value, text: Text, lines: _Lines) -> Text:
        names = self.storage.names
        label = value.label
        name = names.temporary() if label is None else names.claim(label)
        kind = C_TYPES[value.kind]
        if value.kind.is_varying and id(value) in self.uses.shared:
            lines.declarations.append(f"{kind} {name}[G];")
            name = f"{name}[g]"
            self._append(lines, value.kind, f"{name} = {text.text};")
        else:
            self._append(lines, value.kind, f"const {kind} {name} = {text.text};")
        return Text(name, value.kind)

    def _start(self, fold: Fold, lines: _Lines) -> None:
        names = self.storage.names
        label = self.uses.labels.get(id(fold))
        name = names.claim(label or fold.reduction.value)
        start = neutral(fold.reduction, fold.kind)
        kind = C_TYPES[fold.kind]
        if fold.kind.is_varying:
            lines.declarations.append(f"{kind} {name}[G];")
            name = f"{name}[g]"
            self._append(lines, fold.kind, f"{name} = {start};")
        else:
            self._append(lines, fold.kind, f"{kind} {name} = {start};")
        self._folds[id(fold)] = Text(name, fold.kind)

    def _store(self, store: Store, scope: Scope) -> str:
        value = self._texts[id(store.value)]
        if store.array == SCORE:
            partial = self._partial_scores.get(id(scope))
            if partial is None:
                return f"score[g] = wide_add(score[g], widen({value.vector()}));"
            return f"{partial}[g] += {value.real()};"
        element = self._element(store.array, store.indices)
        return (
            f"{element} {'+=' if store.is_added else '='} {self._stored(value, store)};"
        )

    @staticmethod
    def _stored(value: Text, store: Store) -> str:
        return value.real() if store.is_added else value.vector()

    # --------------------------------------------------------------- expressions

    def _expression(self, value: Value) -> Text:
        arguments = [self._texts[id(argument)] for argument in value.arguments]
        match value.operation:
            case Literal(value=number, scalar=scalar):
                return literal(number, scalar)
            case Index(scope=scope):
                return Text(self._variables[id(scope)], Kind.INT)
            case Extent(dim=dim):
                return self.storage.dim(dim)
            case Load(array=array):
                element = self._element(array, value.arguments)
                if value.kind is Kind.CHAIN_BOOL:
                    return Text(f"{element} != 0", value.kind, Binding.LOOSE)
                return Text(element, value.kind)
            case Clamp(array=array, dimension=dimension):
                extent = self.storage.extents(array)[dimension].text
                return Text(f"clamp_index({arguments[0].text}, {extent})", Kind.INT)
            case Call(primitive=primitive):
                return call(primitive, arguments, value.kind)
            case Total(fold=fold):
                return self._folds[id(fold)]
            case _:
                assert_never(value.operation)

    def _element(self, array: str, indices: tuple[Value, ...]) -> str:
        return self.storage.element(array, [self._texts[id(i)] for i in indices])

    # --------------------------------------------------------------------- loops

    def _loop(self, loop: Loop) -> list[str]:
        names = self.storage.names
        variable = names.claim(loop.axis.var)
        self._variables[id(loop.scope)] = variable
        lower, upper = self._texts[id(loop.lower)], self._texts[id(loop.upper)]
        if _adds_to_score(loop.scope) and not loop.is_reverse:
            lines = self._loop_in_runs(loop, variable, lower, upper)
        else:
            body = self.scope(loop.scope)
            header = _header(variable, lower, upper, loop.is_reverse)
            lines = [f"{header} {{", *indented(body), "}"]
        names.release(variable)
        return lines

    def _loop_in_runs(
        self, loop: Loop, variable: str, lower: Text, upper: Text
    ) -> list[str]:
        """Adds the score up in runs of rows, which go into a float64 sum."""
        names = self.storage.names
        start, stop, partial = map(names.claim, ("start", "stop", "partial_score"))
        self._partial_scores[id(loop.scope)] = partial
        limit = upper.within(Binding.SUM)
        inner = [
            f"const int64_t {stop} = run_end({start}, {upper.text});",
            f"vreal {partial}[G];",
            f"EACH {partial}[g] = (vreal){{0}};",
            f"for (int64_t {variable} = {start}; {variable} < {stop}; {variable}++) {{",
            *indented(self.scope(loop.scope)),
            "}",
            f"EACH score[g] = wide_add(score[g], widen({partial}[g]));",
        ]
        for name in (start, stop, partial):
            names.release(name)
        runs = f"int64_t {start} = {lower.text}; {start} < {limit}; {start} += RUN"
        return [f"for ({runs}) {{", *indented(inner), "}"]


def _header(variable: str, lower: Text, upper: Text, is_reverse: bool) -> str:
    if is_reverse:
        first = f"{upper.within(Binding.SUM)} - 1"
        limit = lower.within(Binding.SUM)
        return (
            f"for (int64_t {variable} = {first}; {variable} >= {limit}; {variable}--)"
        )
    limit = upper.within(Binding.SUM)
    return (
        f"for (int64_t {variable} = {lower.text}; {variable} < {limit}; {variable}++)"
    )


def _adds_to_score(scope: Scope) -> bool:
    return any(isinstance(item, Store) and item.array == SCORE for item in scope.items)


def indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def comment(span: Span) -> str:
    """Where in the model something comes from."""
    number, _ = span.source.position(span.start)
    text = span.source.line(number).strip().replace("*/", "* /")
    return f"/* line {number}: {text} */"
