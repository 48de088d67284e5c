"""Summing out chains by the forward algorithm, and drawing them back.

With f[t, k] the log weight of state k at time t, given what is before t:

    f[0, k] = w[0, k]
    f[t, k] = log(sum over j of exp(f[t-1, j] - l[t-1] + link(t, j, k))) + w[t, k]
    l[t]    = log(sum over k of exp(f[t, k]))

and the log density is the sum of all l[t] (Rabiner 1989, Proceedings of the IEEE 77(2),
with its scaling in logarithms): no number grows with the length of the chain. Given all
else, states are drawn from the last to the first, by weights f[t, k] + link(t+1, k, z)
with z the state drawn at t + 1 (Chib 1996, Journal of Econometrics 75(1)).
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from gml.ir import build
from gml.ir.model import Definition, Recurrence, Role, Statement
from gml.ir.nodes import Axis, Expr, Read, Scalar, Var
from gml.ir.traverse import substitute
from gml.lower.discrete import mistakes
from gml.lower.discrete.cells import Frame, Use
from gml.lower.discrete.elimination import (
    Elimination,
    Setting,
    apart,
    by_number,
    others_of,
    scatter,
    state_axes,
    state_dims,
    total,
    united,
)
from gml.lower.discrete.indices import Cell
from gml.lower.discrete.states import States, drawn, in_values, summed_over

ZERO, ONE = build.integer(0), build.integer(1)


def sum_chain(
    group: Sequence[States], uses: Sequence[Use], frame: Frame, setting: Setting
) -> Elimination:
    """The chain of all states of a group of arrays, along the one dim with links."""
    places = {use.place for use in uses if use.place is not None}
    if len(places) > 1:
        use = next(use for use in uses if use.place is not None)
        raise mistakes.far_apart(group[0].name, use.summand.span, group[0].span)
    (place,) = places
    chain = _Chain(group, uses, frame, setting, place)
    return chain.elimination()


@frozen
class _Weights:
    """Log weights: of states at the first time, at any time, and of links."""

    first: Expr
    each: Expr
    link: Expr


class _Chain:
    def __init__(
        self,
        group: Sequence[States],
        uses: Sequence[Use],
        frame: Frame,
        setting: Setting,
        place: int,
    ) -> None:
        self.group, self.uses = group, uses
        self.frame, self.setting, self.place = frame, setting, place
        self.sizes = setting.sizes
        self.time = Var(frame.variables[place])
        self.length = self.sizes.extent(frame.dims[place])
        self.plates = frame.axes(place)
        self.names = "_".join(states.name for states in group)
        self.forward = setting.fresh(f"{self.names}_forward")
        self.evidence = setting.fresh(f"{self.names}_evidence")
        self.now = state_axes(group, self.sizes)
        self.definitions: list[Definition] = []
        self.weights = self._weights()
        own, states = self.weights, frozenset(states.now for states in group)
        each, self.rest = apart(own.each, states)
        self.weights = own = evolve(own, each=each)
        variables = [v for v in frame.variables if v != self.time.name]
        values = (own.first, own.each, own.link)
        self.others = others_of(values, uses, group, variables, setting)

    def elimination(self) -> Elimination:
        summand = united(
            self.group[0].name,
            self.uses,
            self.frame.axes(),
            build.add(self.rest, self._evidence(self.time, self.others.numbers)),
        )
        recurrence = Recurrence(
            self._times(ONE, self.length), self._step(), self.group[0].span
        )
        backward = Recurrence(
            self._times(ZERO, build.subtract(self.length, ONE)),
            self._draws(self.time, self._weight_before()),
            self.group[0].span,
            reverse=True,
        )
        last = build.subtract(self.length, ONE)
        drawn_last = self._draws(last, self._weight(last, self.others.numbers))
        definitions: tuple[Statement, ...] = (
            *self.definitions,
            *self._start(),
            recurrence,
        )
        return Elimination(definitions, summand, (*drawn_last, backward))

    def _times(self, lower: Expr, upper: Expr) -> Axis:
        return Axis(self.time.name, lower, upper)

    def _cell(self, time: Expr) -> Cell:
        return tuple(
            time if k == self.place else index
            for k, index in enumerate(self.frame.cell)
        )

    # ----------------------------------------------------------------- weights

    def _weights(self) -> _Weights:
        first: list[Expr] = []
        each: list[Expr] = []
        links: list[Expr] = []
        rest: list[Use] = []
        other_links: list[Use] = []
        for use in self.uses:
            if use.place is not None:
                found = self.frame.aligned(use, {self.place: 1})
                if found is None:
                    other_links.append(use)
                else:
                    links.append(self._by_number(use, found, self.time))
            elif (found := self.frame.aligned(use)) is not None:
                each.append(self._by_number(use, found, self.time))
            elif (found := self.frame.aligned(use, {self.place: -1})) is not None:
                first.append(self._by_number(use, found, ZERO))
            else:
                rest.append(use)
        each.append(self._scattered("weight", rest))
        links.append(self._scattered("link", other_links))
        return _Weights(total(first), total(each), total(links))

    def _by_number(self, use: Use, value: Expr, time: Expr) -> Expr:
        return by_number(use, value, self.group, self._cell(time))

    def _scattered(self, word: str, uses: Sequence[Use]) -> Expr:
        wanted = f"{self.names}_{word}"
        definitions, read = scatter(wanted, uses, self.group, self.frame, self.setting)
        self.definitions += definitions
        return read

    # ----------------------------------------------------------------- forward

    def _weight(self, time: Expr, others: tuple[Expr, ...]) -> Expr:
        """f at a time, at the states `now`."""
        states = tuple(Var(own.now) for own in self.group)
        return Read(self.forward, (*self._cell(time), *states, *others))

    def _evidence(self, time: Expr, others: tuple[Expr, ...]) -> Expr:
        return Read(self.evidence, (*self._cell(time), *others))

    def _start(self) -> tuple[Definition, ...]:
        at_start = substitute(self.weights.each, {self.time.name: ZERO})
        value = build.add(self.weights.first, at_start)
        return self._defined(ZERO, value)

    def _step(self) -> tuple[Definition, ...]:
        others = self.others.variables
        earlier = build.subtract(self.time, ONE)
        before = tuple(Var(own.before) for own in self.group)
        forward = Read(self.forward, (*self._cell(earlier), *before, *others))
        known = build.subtract(forward, self._evidence(earlier, others))
        axes = tuple(own.axis(self.sizes, is_before=True) for own in self.group)
        arriving = summed_over(axes, build.add(known, self.weights.link))
        return self._defined(self.time, build.add(arriving, self.weights.each))

    def _defined(self, time: Expr, value: Expr) -> tuple[Definition, ...]:
        """f and l at a time."""
        others = self.others.variables
        axes = (*self.plates, *self.others.axes(self.sizes))
        dims = self.frame.dims
        span = self.group[0].span
        states = tuple(Var(own.now) for own in self.group)
        forward = Definition(
            self.forward,
            (*self._cell(time), *states, *others),
            (*self.plates, *self.now, *self.others.axes(self.sizes)),
            (*dims, *state_dims(self.group), *self.others.dims),
            Scalar.REAL,
            self.others.by_state(value),
            Role.DERIVED,
            is_local=True,
            span=span,
        )
        evidence = Definition(
            self.evidence,
            (*self._cell(time), *others),
            axes,
            (*dims, *self.others.dims),
            Scalar.REAL,
            summed_over(self.now, self._weight(time, others)),
            Role.DERIVED,
            is_local=True,
            span=span,
        )
        return forward, evidence

    # ---------------------------------------------------------------- backward

    def _weight_before(self) -> Expr:
        """Of the states at a time, given those drawn for the time after."""
        later = build.add(self.time, ONE)
        link = substitute(self.weights.link, {self.time.name: later})
        after = {own.now: Read(own.name, self._cell(later)) for own in self.group}
        renamed = {own.before: Var(own.now) for own in self.group}
        link = substitute(substitute(link, after), renamed)
        return build.add(self._weight(self.time, self.others.numbers), link)

    def _draws(self, time: Expr, weight: Expr) -> tuple[Definition, ...]:
        """The states at a time, one array after the other."""
        definitions = []
        for k, own in enumerate(self.group):
            marginal = summed_over(self.now[k + 1 :], weight)
            value = drawn(own, in_values(marginal, self.setting.states), self.sizes)
            definitions.append(
                Definition(
                    own.name,
                    self._cell(time),
                    self.plates,
                    own.dims,
                    own.scalar,
                    value,
                    Role.GENERATED,
                    doc=own.doc,
                    span=own.span,
                )
            )
            drawn_now = Read(own.name, self._cell(time))
            weight = substitute(weight, {own.now: drawn_now})
        return tuple(definitions)
