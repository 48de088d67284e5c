"""Loop nests as the statements of one chain, or of the lanes that share one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from attrs import define, field

from gml.backend.fused.c_body import adds_to_score, is_named
from gml.backend.fused.c_expressions import Binding, Text, literal
from gml.backend.fused.c_segment import indented
from gml.backend.fused.names import Names
from gml.backend.fused.origins import Origins
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
from gml.backend.gpu.expressions import TYPES, call, fold_step, neutral, one_chain
from gml.backend.gpu.places import Places
from gml.backend.gpu.trips import WARP, num_items, num_iterations
from gml.ir.nodes import SCORE

# Loops of so many iterations are unrolled, nested ones together: then what is indexed
# by their variables can be registers.
_MOST_UNROLLED = 64
# Rows whose scores are added up in working precision: see gpu.h.
RUN = 32
# Of loops that lanes share out: iterations that are guarded one by one, as many as all
# lanes have in a run; and what is unrolled, in items of code and in trips.
_MOST_GUARDED = RUN * WARP
_MOST_ITEMS = 1000
_MOST_TRIPS = 8


@define
class Body:
    """Prints the scopes of one function.

    Parameters
    ----------
    places
        Where the density's arrays are, and what lanes do.
    uses
        What is used where.
    origins
        Comments on where each statement comes from.
    """

    places: Places
    uses: Uses
    origins: Origins
    _texts: dict[int, Text] = field(factory=dict)
    _variables: dict[int, Text] = field(factory=dict)
    _folds: dict[int, Text] = field(factory=dict)
    _partial_scores: dict[int, str] = field(factory=dict)
    _whole: set[str] = field(factory=set)
    _is_shared_out: bool = False
    _unrolled: int = 1

    @property
    def completed(self) -> set[str]:
        """The partial arrays that were made whole on the way."""
        return self._whole

    @property
    def _names(self) -> Names:
        return self.places.names.names

    @property
    def _wanted(self) -> str:
        """Before what only the score needs, in a function that may be without it."""
        return "if (wants_score) " if self.places.names.density.gradient else ""

    def root(self, scope: Scope) -> list[str]:
        """The lines of the function's outermost scope."""
        lines: list[str] = []
        for place, item in enumerate(scope.items):
            for name in self.places.lanes.completed.get(place, ()):
                lines += self._complete(name)
            lines += self._item(item, scope)
        return lines

    def _scope(self, scope: Scope) -> list[str]:
        return [line for item in scope.items for line in self._item(item, scope)]

    def _complete(self, name: str) -> list[str]:
        """A partial array made whole."""
        self._whole.add(name)
        if not self.places.array(name).shape:
            element = self.places.element(name, ())
            return [f"{element} = sum_over_lanes({element});"]
        identifier = self.places.names.array_name(name)
        length, known = self.places.length(name), self.places.known_length(name)
        unroll = "UNROLL_FULLY " if known is not None and known <= 32 else ""
        return [
            f"{unroll}for (int i = 0; i < {length}; i++)",
            f"  {identifier}[i] = sum_over_lanes({identifier}[i]);",
        ]

    # ---------------------------------------------------------------------- items

    def _item(self, item: Item, scope: Scope) -> list[str]:
        match item:
            case Value():
                return self._value(item)
            case Fold():
                return self._start(item)
            case Update(fold=fold, value=value):
                total = self._folds[id(fold)]
                step = fold_step(fold.reduction, total, self._texts[id(value)])
                return [*self.origins.lines(), step]
            case Store(array=array) if array in self.uses.unread:
                return []
            case Store():
                line = self._store(item, scope)
                return [*self.origins.lines(), line]
            case Origin(span=span):
                self.origins.at(span)
                return []
            case Loop():
                return [*self.origins.lines(), *self._loop(item)]
            case _:
                assert_never(item)

    def _value(self, value: Value) -> list[str]:
        if not self.uses.counts.get(id(value), 0):
            return []
        text = self._expression(value)
        if not is_named(value, text, self.uses):
            self._texts[id(value)] = text
            return []
        name = (
            self._names.temporary()
            if value.label is None
            else self._names.claim(value.label)
        )
        self._texts[id(value)] = Text(name, text.kind)
        kind = TYPES[text.kind]
        return [*self.origins.lines(), f"const {kind} {name} = {text.text};"]

    def _start(self, fold: Fold) -> list[str]:
        label = self.uses.labels.get(id(fold))
        name = self._names.claim(label or fold.reduction.value)
        kind = one_chain(fold.kind)
        self._folds[id(fold)] = Text(name, kind)
        start = neutral(fold.reduction, kind)
        return [*self.origins.lines(), f"{TYPES[kind]} {name} = {start};"]

    def _store(self, store: Store, scope: Scope) -> str:
        value = self._texts[id(store.value)].real()
        if store.array == SCORE:
            partial = self._partial_scores.get(id(scope))
            if partial is None:
                value = self._once(store, value)
                return f"{self._wanted}score = wide_add(score, widen({value}));"
            return f"{self._wanted}{partial} += {value};"
        indices = [self._texts[id(index)] for index in store.indices]
        element = self.places.element(store.array, indices)
        if not store.is_added:
            return f"{element} = {value};"
        return f"{element} += {self._once(store, value)};"

    def _once(self, store: Store, value: str) -> str:
        """What all lanes have, and one adds; what a lane has alone as it is."""
        is_partial = store.array in self.places.lanes.partial - self._whole
        return f"FIRST({value})" if is_partial and not self._is_shared_out else value

    # --------------------------------------------------------------- expressions

    def _expression(self, value: Value) -> Text:
        arguments = [self._texts[id(argument)] for argument in value.arguments]
        kind = one_chain(value.kind)
        match value.operation:
            case Literal(value=number, scalar=scalar):
                return literal(number, scalar)
            case Index(scope=scope):
                return self._variables[id(scope)]
            case Extent(dim=dim):
                return self.places.names.dim(dim)
            case Load(array=array):
                element = self.places.element(array, arguments)
                if kind is Kind.BOOL:
                    return Text(f"{element} != 0", kind, Binding.LOOSE)
                return Text(element, kind)
            case Clamp(array=array, dimension=dimension):
                extent = self.places.names.extents(array)[dimension].text
                return Text(f"clamp_index({arguments[0].text}, {extent})", Kind.INT)
            case Call(primitive=primitive):
                return call(primitive, arguments, value.kind)
            case Total(fold=fold):
                return self._folds[id(fold)]
            case _:
                assert_never(value.operation)

    # --------------------------------------------------------------------- loops

    def _loop(self, loop: Loop) -> list[str]:
        is_shared_out = id(loop) in self.places.lanes.shared_out
        if is_shared_out:
            self._is_shared_out = True
        with self._names.block():
            lines = self._scored(loop, is_shared_out)
        if is_shared_out:
            self._is_shared_out = False
            lines += self._totals(loop)
        return lines

    def _totals(self, loop: Loop) -> list[str]:
        """The folds of a loop that lanes share out, made whole."""
        return [
            f"{total.text} = {item.fold.reduction.value}_over_lanes({total.text});"
            for item in loop.scope.items
            if isinstance(item, Update)
            for total in (self._folds[id(item.fold)],)
        ]

    def _scored(self, loop: Loop, is_shared_out: bool) -> list[str]:
        """A loop; where it adds to the score, in runs with a sum of their own."""
        lower, upper = self._texts[id(loop.lower)], self._texts[id(loop.upper)]
        name = self._names.claim(loop.axis.var)
        self._variables[id(loop.scope)] = Text(name, Kind.INT)
        if not adds_to_score(loop.scope):
            return self._plain(loop, name, lower, upper, is_shared_out)
        claim = self._names.claim
        start, stop, partial = map(claim, ("start", "stop", "partial_score"))
        self._partial_scores[id(loop.scope)] = partial
        count = self._count(loop)
        run = "RUN * LANES" if is_shared_out else "RUN"
        most = _MOST_GUARDED if is_shared_out else RUN
        total = partial if self._is_shared_out else f"FIRST({partial})"
        added = f"{self._wanted}score = wide_add(score, widen({total}));"
        if (count is not None and count <= most) or loop.is_reverse:
            inner = self._plain(loop, name, lower, upper, is_shared_out)
            body = [f"real {partial} = 0;", *inner, added]
            return ["{", *indented(body), "}"]
        first, last = Text(start, Kind.INT), Text(stop, Kind.INT)
        limit = upper.within(Binding.SUM)
        inner = self._plain(loop, name, first, last, is_shared_out)
        body = [
            f"const int {stop} = smaller({start} + {run}, {upper.text});",
            f"real {partial} = 0;",
            *inner,
            added,
        ]
        header = f"int {start} = {lower.text}; {start} < {limit}; {start} += {run}"
        # Compilers unroll all of it where sizes are known, which takes them long.
        return [f"UNROLL_BY(1) for ({header}) {{", *indented(body), "}"]

    def _plain(
        self, loop: Loop, name: str, lower: Text, upper: Text, is_shared_out: bool
    ) -> list[str]:
        count = self._count(loop)
        outer = self._unrolled
        is_unrolled = (
            not is_shared_out and count is not None and count * outer <= _MOST_UNROLLED
        )
        if is_unrolled and count:
            self._unrolled *= count
        with self._names.block():
            body = self._scope(loop.scope)
        self._unrolled = outer
        limit, first = upper.within(Binding.SUM), lower.text
        if is_shared_out:
            return self._shared_out(loop, name, lower, limit, body)
        if loop.is_reverse:
            lowest = lower.within(Binding.SUM)
            header = f"int {name} = {limit} - 1; {name} >= {lowest}; {name}--"
        else:
            header = f"int {name} = {first}; {name} < {limit}; {name}++"
        prefix = "UNROLL_FULLY " if is_unrolled else ""
        return [f"{prefix}for ({header}) {{", *indented(body), "}"]

    def _shared_out(
        self, loop: Loop, name: str, lower: Text, limit: str, body: list[str]
    ) -> list[str]:
        """A loop of which each lane has every 32nd iteration.

        Some are unrolled, so that a lane has more to do while it waits; where their
        number is known they are guarded, and interleave.
        """
        begin = "lane" if lower.text == "0" else f"{lower.within(Binding.SUM)} + lane"
        size = max(num_items(loop.scope, self._sizes()), 1)
        unrolled = min(max(_MOST_ITEMS // size, 1), _MOST_TRIPS)
        count = self._count(loop)
        if count is None or count > _MOST_GUARDED:
            prefix = f"UNROLL_BY({min(unrolled, 4)}) " if unrolled > 1 else ""
            header = f"int {name} = {begin}; {name} < {limit}; {name} += LANES"
            return [f"{prefix}for ({header}) {{", *indented(body), "}"]
        trip, trips = self._names.claim("trip"), -(-count // WARP)
        prefix = f"UNROLL_BY({unrolled}) " if unrolled > 1 else ""
        return [
            f"{prefix}for (int {trip} = 0; {trip} < {trips}; {trip}++) {{",
            f"  const int {name} = {begin} + LANES * {trip};",
            f"  if ({name} < {limit}) {{",
            *indented(indented(body)),
            "  }",
            "}",
        ]

    def _count(self, loop: Loop) -> int | None:
        return num_iterations(loop, self._sizes())

    def _sizes(self) -> Mapping[str, int]:
        dims = self.places.names.density.dims
        literal = {d.name: d.size for d in dims if d.size is not None}
        return literal | dict(self.places.sizes or {})
