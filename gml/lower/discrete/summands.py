"""The terms of a log density that depend on discrete parameters, and all the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import define, evolve, field, frozen

from gml.ir.model import (
    Definition,
    Model,
    ModelFactor,
    ModelSite,
    Recurrence,
    Role,
    Statement,
    scalar_of,
)
from gml.ir.nodes import Axis, Expr, TermKind
from gml.ir.supports import RealSupport
from gml.ir.traverse import arrays_read
from gml.lower import families, transforms
from gml.lower.discrete import mistakes
from gml.lower.discrete.inlining import Inlining
from gml.lower.discrete.sizes import Sizes
from gml.lower.discrete.states import States, in_numbers
from gml.lower.missing import names_of, reads_of
from gml.source import Span


@frozen
class Summand:
    """A part of the log density, summed over axes: a function of numbers of states.

    `observed` names the data that it describes, `priors` the continuous parameters,
    `parameter` the discrete one that it has been summed over last.
    """

    axes: tuple[Axis, ...]
    value: Expr
    observed: frozenset[str] = frozenset()
    priors: frozenset[str] = frozenset()
    parameter: str = ""
    span: Span | None = field(default=None, eq=False, repr=False)

    def reads(self, states: Mapping[str, States]) -> list[str]:
        return [name for name in states if name in arrays_read(self.value)]


@define
class Parts:
    """A model taken apart.

    `kept` does not depend on discrete parameters (but for the densities of sites that
    are marked), `dependent` does and is computed from their draws.
    """

    kept: list[Statement] = field(factory=list)
    summands: list[Summand] = field(factory=list)
    dependent: list[Statement] = field(factory=list)


def take_apart(model: Model, states: Mapping[str, States], sizes: Sizes) -> Parts:
    """The terms that depend on discrete parameters, definitions put into them."""
    return _Splitter(model, states, sizes).parts()


class _Splitter:
    def __init__(
        self, model: Model, states: Mapping[str, States], sizes: Sizes
    ) -> None:
        self.model, self.states, self.sizes = model, states, sizes
        self.data = {d.name: scalar_of(d.support) for d in model.data}
        self.depends = _dependents(model, states)
        self.inlining = Inlining.of(model.statements, states, self.depends)
        self.found = Parts()

    def parts(self) -> Parts:
        for statement in self.model.statements:
            match statement:
                case ModelSite(role=Role.LATENT | Role.OBSERVED):
                    self._site(statement)
                case ModelFactor():
                    self._factor(statement)
                case Recurrence():
                    self._recurrence(statement)
                case _:
                    self._value(statement)
        return self.found

    # -------------------------------------------------------------- statements

    def _site(self, site: ModelSite) -> None:
        if site.name in self.states:
            self.found.summands += self._site_terms(site)
        elif self._takes_term(site):
            self.found.kept.append(evolve(site, is_summed=True))
        else:
            self.found.kept.append(site)

    def _takes_term(self, site: ModelSite) -> bool:
        """Take a term that depends on discrete parameters; the value must not."""
        if site.role is Role.LATENT:
            for name in self._roots(_value_reads(site)):
                raise mistakes.value_depends(site, name, self.states[name].span)
        return not site.is_noncentered and self._takes(self._site_terms(site))

    def _takes(self, summands: list[Summand]) -> bool:
        """Take terms if one of them depends on discrete parameters."""
        depends = any(summand.reads(self.states) for summand in summands)
        if depends:
            self.found.summands += summands
        return depends

    def _factor(self, factor: ModelFactor) -> None:
        data = frozenset(arrays_read(factor.value) & set(self.data))
        observed = frozenset((factor.term.site,)) if data else frozenset[str]()
        term = Summand(factor.axes, factor.value, observed, span=factor.span)
        if not self._takes(self._in_numbers(term)):
            self.found.kept.append(factor)

    def _recurrence(self, loop: Recurrence) -> None:
        if not reads_of(loop) & {*self.depends, *self.states}:
            self.found.kept.append(loop)
            return
        body: list[Definition | ModelSite] = []
        for piece in loop.body:
            if isinstance(piece, ModelSite) and piece.role is Role.LATENT:
                whole = evolve(piece, axes=(loop.axis, *piece.axes))
                if self._takes_term(whole):
                    body.append(evolve(piece, is_summed=True))
                    continue
            body.append(piece)
        loop = evolve(loop, body=tuple(body))
        if not names_of(loop) & self.depends.keys():
            self.found.kept.append(loop)
        else:
            self.found.dependent.append(evolve(loop, body=tuple(map(_drawn, body))))

    def _value(self, piece: Definition | ModelSite) -> None:
        if piece.name in self.depends:
            self.found.dependent.append(_drawn(piece))
        else:
            self.found.kept.append(piece)

    # ------------------------------------------------------------------- terms

    def _site_terms(self, site: ModelSite) -> list[Summand]:
        distribution = self.model.distributions[site.call.distribution]
        is_observed = site.role is Role.OBSERVED
        own = scalar_of(site.support)
        found = self.data.get(site.name, own) if is_observed else own
        at = families.reads_value(site, site.name, found)
        value = families.log_density(site, self.model.distributions, at)
        value = families.guarded(
            site,
            self.model.distributions,
            at,
            value,
            lambda bound: bool(self._roots(arrays_read(bound))),
        )
        axes = site.axes
        if not distribution.event_dims:
            axes = transforms.all_axes(site, self.sizes.shape(site.dims))
        name = frozenset((site.name,))
        is_prior = not is_observed and site.name not in self.states
        observed = name if is_observed else frozenset[str]()
        priors = name if is_prior else frozenset[str]()
        return self._in_numbers(Summand(axes, value, observed, priors, span=site.span))

    def _in_numbers(self, summand: Summand) -> list[Summand]:
        """A term without definitions that depend on discrete parameters."""
        parts = self.inlining.terms(summand.axes, summand.value, summand.span)
        return [
            evolve(summand, axes=axes, value=in_numbers(value, self.states))
            for axes, value in parts
        ]

    def _roots(self, names: Iterable[str]) -> list[str]:
        """The discrete parameters that some of the names are or depend on."""
        roots: dict[str, None] = {}
        for name in names:
            if name in self.states:
                roots[name] = None
            elif name in self.depends:
                roots |= dict.fromkeys(self.depends[name])
        return list(roots)


def _value_reads(site: ModelSite) -> frozenset[str]:
    """What the value of a latent is computed from, beside its position."""
    exprs: list[Expr] = []
    if isinstance(site.support, RealSupport):
        bounds = (site.support.lower, site.support.upper)
        exprs += [bound for bound in bounds if bound is not None]
    if site.is_noncentered:
        exprs += [value for _, value in site.call.arguments]
    return frozenset[str]().union(*map(arrays_read, exprs))


def _dependents(
    model: Model, states: Mapping[str, States]
) -> dict[str, tuple[str, ...]]:
    """Definitions and generated sites that depend on discrete parameters: on which."""
    depends: dict[str, tuple[str, ...]] = {}
    for statement in model.statements:
        pieces = statement.body if isinstance(statement, Recurrence) else (statement,)
        is_value = [
            isinstance(p, Definition)
            or (isinstance(p, ModelSite) and p.role is Role.GENERATED)
            for p in pieces
        ]
        reads = reads_of(statement)
        roots = dict.fromkeys(name for name in states if name in reads)
        for name in reads & depends.keys():
            roots |= dict.fromkeys(depends[name])
        if roots and any(is_value):
            for name in names_of(statement):
                known = depends.get(name, ())
                depends[name] = tuple(dict.fromkeys((*known, *roots)))
    return depends


def _drawn(piece: Definition | ModelSite) -> Definition | ModelSite:
    """A definition that is computed from draws of discrete parameters."""
    if isinstance(piece, Definition):
        return evolve(piece, role=Role.GENERATED)
    return piece


def kind_of(summand: Summand) -> TermKind:
    """Whether a summand is more than a prior."""
    if summand.priors or not summand.observed:
        return TermKind.PRIOR
    return TermKind.LIKELIHOOD
