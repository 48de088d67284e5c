"""Loop nests as C: the statements of a function's body."""

from __future__ import annotations

from typing import assert_never

from attrs import define, evolve, field

from gml.backend.fused.c_expressions import (
    C_TYPES,
    Binding,
    Text,
    call,
    fold_step,
    literal,
    neutral,
)
from gml.backend.fused.c_loops import Range, loop_in_runs, plain_loop, tiled_loop
from gml.backend.fused.c_segment import EACH_ROW, ROW_LOOP, Segment, indented
from gml.backend.fused.origins import Origins
from gml.backend.fused.storage import StorageNames
from gml.backend.fused.tiling import is_tiled
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
from gml.ir.nodes import SCORE

# Longer expressions are broken by naming what they are made of.
_WIDTH = 72


@define
class Body:
    """Prints the scopes of one function.

    Parameters
    ----------
    storage
        Where the density's arrays are.
    uses
        What is used where.
    origins
        Comments on where each statement comes from.
    """

    storage: StorageNames
    uses: Uses
    origins: Origins
    _texts: dict[int, Text] = field(factory=dict)
    _variables: dict[int, Text] = field(factory=dict)
    _folds: dict[int, Text] = field(factory=dict)
    _partial_scores: dict[int, str] = field(factory=dict)
    _tile: Scope | None = None
    _prefetched: set[str] = field(factory=set)

    def scope(self, scope: Scope) -> list[str]:
        """The lines of a scope."""
        lines: list[str] = []
        segment = Segment(self._rows(scope))
        for item in scope.items:
            if isinstance(item, Loop):
                lines += segment.lines()
                segment = Segment(self._rows(scope))
                lines += [*self.origins.lines(), *self._loop(item)]
            else:
                self._item(item, scope, segment)
        return lines + segment.lines()

    def _rows(self, scope: Scope) -> str:
        if self._tile is None:
            return ""
        return ROW_LOOP if scope is self._tile else EACH_ROW

    # ---------------------------------------------------------------------- items

    def _item(self, item: Item, scope: Scope, segment: Segment) -> None:
        match item:
            case Value():
                self._value(item, segment)
            case Fold():
                self._start(item, segment)
            case Update(fold=fold, value=value):
                total = self._folds[id(fold)]
                step = fold_step(fold.reduction, total, self._texts[id(value)])
                segment.append(fold.kind, *self.origins.lines(), step)
            case Store(array=array) if array in self.uses.unread:
                pass
            case Store():
                line = self._store(item, scope)
                segment.append(Kind.CHAIN_REAL, *self.origins.lines(), line)
            case Origin(span=span):
                self.origins.at(span)
            case Loop():
                raise TypeError("a loop is not part of a segment")
            case _:
                assert_never(item)

    def _value(self, value: Value, segment: Segment) -> None:
        uses = self.uses.counts.get(id(value), 0)
        if not uses:
            return
        text = self._expression(value)
        if is_named(value, text, self.uses):
            text = self._named(value, text, segment)
        self._texts[id(value)] = text

    def _named(self, value: Value, text: Text, segment: Segment) -> Text:
        names = self.storage.names
        label = value.label
        name = names.temporary() if label is None else names.claim(label)
        is_array = value.kind.is_varying or bool(segment.rows)
        if is_array and id(value) in self.uses.shared:
            name = segment.shared(value.kind, name)
            line = f"{name} = {text.text};"
        else:
            line = f"const {C_TYPES[value.kind]} {name} = {text.text};"
        segment.append(value.kind, *self.origins.lines(), line)
        return Text(name, value.kind)

    def _start(self, fold: Fold, segment: Segment) -> None:
        names = self.storage.names
        label = self.uses.labels.get(id(fold))
        name = names.claim(label or fold.reduction.value)
        start = neutral(fold.reduction, fold.kind)
        if fold.kind.is_varying or segment.rows:
            name = segment.shared(fold.kind, name)
            line = f"{name} = {start};"
        else:
            line = f"{C_TYPES[fold.kind]} {name} = {start};"
        segment.append(fold.kind, *self.origins.lines(), line)
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
                return self._variables[id(scope)]
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
        with self.storage.names.block() as names:
            lower, upper = self._texts[id(loop.lower)], self._texts[id(loop.upper)]
            over = Range(names.claim(loop.axis.var), lower, upper)
            if not adds_to_score(loop.scope) or loop.is_reverse:
                lines = self._iterations(loop, over)
                return ["{", *indented(lines), "}"] if is_tiled(loop) else lines
            start, stop, partial = map(names.claim, ("start", "stop", "partial_score"))
            self._partial_scores[id(loop.scope)] = partial
            run = Range(over.variable, _variable(start), _variable(stop))
            lines = self._iterations(loop, run)
            return loop_in_runs(start, evolve(over, variable=stop), partial, lines)

    def _iterations(self, loop: Loop, over: Range) -> list[str]:
        if not is_tiled(loop):
            return plain_loop(over, self._iteration(loop, over), loop.is_reverse)
        self._tile, self._prefetched = loop.scope, set()
        row = Text(f"{over.variable} + r", Kind.INT, Binding.SUM)
        tile = self._iteration(loop, over, row)
        self._tile = None
        return tiled_loop(over, tile, self._iteration(loop, over))

    def _iteration(
        self, loop: Loop, over: Range, variable: Text | None = None
    ) -> list[str]:
        self._variables[id(loop.scope)] = variable or _variable(over.variable)
        with self.storage.names.block():
            body = self.scope(loop.scope)
        return [*self._prefetches(loop.scope, over.variable), *body]

    def _prefetches(self, scope: Scope, variable: str) -> list[str]:
        """Asks for the next tile's data where a tile goes through its own first."""
        if self._tile is None or scope is self._tile:
            return []
        here, row = Index(scope), Index(self._tile)
        lines = []
        for item in scope.items:
            match item:
                case Value(operation=Load(array=array), arguments=(*outer, inner)) if (
                    not item.kind.is_varying
                    and inner.operation == here
                    and any(index.operation == row for index in outer)
                    and array not in self._prefetched
                ):
                    self._prefetched.add(array)
                    element = self.storage.element(array, self._of_next(item, row))
                    fetch = f"EACH_ROW __builtin_prefetch(&{element});"
                    lines.append(f"if ({variable} % LINE == 0) {fetch}")
                case _:
                    pass
        return lines

    def _of_next(self, load: Value, row: Index) -> list[Text]:
        """The indices of what a load reads in the next tile."""
        texts = []
        for index in load.arguments:
            text = self._texts[id(index)]
            if index.operation == row:
                text = Text(f"ROWS + {text.text}", Kind.INT, Binding.SUM)
            texts.append(text)
        return texts


def _variable(name: str) -> Text:
    return Text(name, Kind.INT)


def adds_to_score(scope: Scope) -> bool:
    """Whether a scope's own items do, not those of the loops in it."""
    return any(isinstance(item, Store) and item.array == SCORE for item in scope.items)


def is_named(value: Value, text: Text, uses: Uses) -> bool:
    """Whether a value becomes a variable, not part of the expressions it is used in."""
    if isinstance(value.operation, Literal | Index | Extent | Total):
        return False
    return (
        value.label is not None
        or uses.counts[id(value)] > 1
        or id(value) in uses.shared
        or uses.is_read_before_write(value)
        or len(text.text) > _WIDTH
    )
