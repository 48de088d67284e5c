"""The program that simulates a model, from its priors down to its data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import define, evolve, field

from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.ir.build import apply, integer, real
from gml.ir.generative import GenerativeProgram, Group, Restriction, Step
from gml.ir.model import (
    Definition,
    Model,
    ModelFactor,
    ModelSite,
    OrderedSupport,
    RealSupport,
    Recurrence,
    Role,
    VectorSupport,
    scalar_of,
)
from gml.ir.nodes import (
    Array,
    Axis,
    Const,
    Expr,
    Let,
    Read,
    Scalar,
    Scan,
    Stmt,
    Storage,
    Var,
)
from gml.ir.printer import print_support
from gml.ir.traverse import arrays_read, free_vars
from gml.ir.values import Variable
from gml.lower import transforms
from gml.lower.density import Lowering
from gml.lower.draws import draw_site, sampler_missing
from gml.lower.observed import is_whole, observed_sites, whole

Piece = ModelSite | Definition
TRUE = Const(True, Scalar.BOOL)


def lower_generative(model: Model, order: Iterable[Group]) -> GenerativeProgram:
    """Steps in the order found by `check.ancestral`."""
    builder = _Builder(Lowering(model), _latents(model))
    steps = [builder.step(group) for group in order]
    lowering = builder.lowering
    factors = [s for s in model.statements if isinstance(s, ModelFactor)]
    data = {d.name for d in model.data}
    return GenerativeProgram(
        lowering.dims(),
        tuple(lowering.arrays.values()),
        tuple(steps),
        tuple(_variables(model, lowering)),
        frozenset(_partial(model, lowering)),
        tuple(builder.obstacles.items()),
        tuple(_left_out(f) for f in factors if arrays_read(f.value) & data),
        tuple(_constraint(f) for f in factors if not arrays_read(f.value) & data),
    )


@define
class _Builder:
    """The lowering, and what has been found to depend on draws so far."""

    lowering: Lowering
    latents: frozenset[str]
    random: set[str] = field(factory=set)
    obstacles: dict[str, Diagnostic] = field(factory=dict)

    def step(self, group: Group) -> Step:
        statements: list[Stmt] = []
        restrictions: list[Restriction] = []
        ordered: list[str] = []
        for statement in group.statements:
            pieces = (
                statement.body if isinstance(statement, Recurrence) else (statement,)
            )
            is_alone = len(group.statements) == 1 and len(pieces) == 1
            is_alone &= not isinstance(statement, Recurrence) and not group.repeats
            body: list[Stmt] = []
            for piece in pieces:
                assert isinstance(piece, ModelSite | Definition)
                body += self._values(piece)
                if isinstance(piece, ModelSite) and piece.name in self.latents:
                    if is_alone and _is_exchangeable(piece):
                        ordered.append(self.lowering.names[piece.name])
                    whole_piece = piece
                    if isinstance(statement, Recurrence):
                        axes = (statement.axis, *piece.axes)
                        whole_piece = evolve(piece, axes=axes)
                    restrictions += self._restriction(whole_piece, is_alone)
                self._note_randomness(piece)
            if isinstance(statement, Recurrence):
                body = [Scan(statement.axis, tuple(body), span=statement.span)]
            statements += body
        finish = self.lowering.finish
        return Step(
            tuple(finish(s) for s in statements),
            tuple(restrictions),
            tuple(ordered),
            group.repeats,
        )

    def _values(self, piece: Piece) -> list[Stmt]:
        if isinstance(piece, Definition):
            return [self.lowering.definition(piece)]
        obstacle = sampler_missing(piece, self.lowering)
        obstacle = obstacle or _impossible(piece, self.lowering)
        if obstacle is not None:
            self.obstacles.setdefault(piece.name, obstacle)
            shape = self.lowering.shape(piece.dims)
            self.lowering.add_array(piece.name, Scalar.REAL, shape, Storage.LOCAL)
            return []
        return draw_site(piece, self.lowering)

    def _note_randomness(self, piece: Piece) -> None:
        reads = (
            arrays_read(piece.value) if isinstance(piece, Definition) else frozenset()
        )
        if isinstance(piece, ModelSite) or reads & self.random:
            self.random.add(piece.name)

    def _restriction(self, site: ModelSite, is_alone: bool) -> Iterator[Restriction]:
        support = site.support
        if isinstance(support, RealSupport):
            bounds = [b for b in (support.lower, support.upper) if b is not None]
            if bounds:
                axes = transforms.all_axes(site, self.lowering.shape(site.dims))
                indices = transforms.all_indices(site)
                inside = _between(Read(site.name, indices), support)
                reads = _argument_reads(site).union(*map(arrays_read, bounds))
                is_independent = is_alone and not reads & self.random
                checks = self._checks(site, indices, axes, inside)
                yield self._restricted(site, checks, is_independent, 0)
        elif isinstance(support, OrderedSupport):
            checks = self._increasing(site, support.is_positive)
            is_independent = is_alone and not _argument_reads(site) & self.random
            yield self._restricted(site, checks, is_independent, 1)

    def _restricted(
        self, site: ModelSite, checks: list[Let], is_independent: bool, rank: int
    ) -> Restriction:
        return Restriction(
            site.name,
            self.lowering.own.inside(site.name),
            tuple(self.lowering.finish(check) for check in checks),
            is_independent,
            rank,
            site.span,
        )

    def _checks(
        self,
        site: ModelSite,
        indices: tuple[Expr, ...],
        axes: tuple[Axis, ...],
        inside: Expr,
    ) -> list[Let]:
        """True everywhere but where the site's own region is outside."""
        shape = self.lowering.shape(site.dims)
        name = self.lowering.own.inside(site.name)
        array = Array(name, Scalar.BOOL, shape, Storage.LOCAL)
        self.lowering.arrays.setdefault(name, array)
        everywhere = transforms.variables(site.dims)
        return [
            Let(name, everywhere, whole(site.dims, shape), TRUE, site.span),
            Let(name, indices, axes, inside, site.span),
        ]

    def _increasing(self, site: ModelSite, is_positive: bool) -> list[Let]:
        size = self.lowering.shape(site.dims)[-1]
        k = Var(site.event_dims[0])
        before = (*site.indices, apply("subtract", k, integer(1)))
        here = Read(site.name, (*site.indices, k))
        axes = (*site.axes, Axis(k.name, integer(1), size))
        grows = apply("less", Read(site.name, before), here)
        checks = self._checks(site, (*site.indices, k), axes, grows)
        if is_positive:
            first = (*site.indices, integer(0))
            value = apply("less", real(0), Read(site.name, first))
            checks.append(Let(checks[0].array, first, site.axes, value, site.span))
        return checks


def _between(value: Expr, support: RealSupport) -> Expr:
    inside: Expr = TRUE
    if support.lower is not None:
        inside = apply("less_equal", support.lower, value)
    if support.upper is not None:
        below = apply("less_equal", value, support.upper)
        inside = below if inside is TRUE else apply("and", inside, below)
    return inside


def _argument_reads(site: ModelSite) -> frozenset[str]:
    values = [value for _, value in site.call.arguments]
    return frozenset[str]().union(*map(arrays_read, values))


def _is_exchangeable(site: ModelSite) -> bool:
    """An ordered vector of independent draws that differ in nothing but their place."""
    if not isinstance(site.support, OrderedSupport):
        return False
    free = frozenset[str]().union(*(free_vars(v) for _, v in site.call.arguments))
    return site.event_dims[0] not in free


def _impossible(site: ModelSite, lowering: Lowering) -> Diagnostic | None:
    """Draws that are never what they are declared to be."""
    distribution = lowering.distributions[site.call.distribution]
    why = None
    is_joint = isinstance(site.support, VectorSupport)
    is_joint &= not isinstance(site.support, OrderedSupport)
    if is_joint and type(site.support) is not type(distribution.support):
        kind = print_support(site.support)
        why = f"independent `{distribution.name}` draws are no {kind}"
    array = lowering.arrays.get(lowering.names[site.name])
    found = scalar_of(site.support)
    if array is not None and found is Scalar.REAL and array.scalar is not found:
        why = f"`{distribution.name}` is continuous, `{site.name}` is declared as int"
    if why is None:
        return None
    label = Label(site.span) if site.span else None
    return Diagnostic("GML0721", f"`{site.name}` cannot be drawn: {why}", label)


# ---------------------------------------------------------------- the model


def _sites(model: Model) -> Iterator[Piece]:
    for statement in model.statements:
        match statement:
            case Recurrence(body=body):
                yield from body
            case ModelFactor():
                pass
            case _:
                yield statement


def _latents(model: Model) -> frozenset[str]:
    return frozenset(
        piece.name
        for piece in _sites(model)
        if isinstance(piece, ModelSite) and piece.role is Role.LATENT
    )


def _partial(model: Model, lowering: Lowering) -> set[str]:
    """Observed data of which some elements are described by no line."""
    sites = list(observed_sites(model))
    names = {site.name for site in sites}
    return names - {
        site.name for site in sites if is_whole(site, lowering.shape(site.dims))
    }


def _variables(model: Model, lowering: Lowering) -> Iterator[Variable]:
    """Everything that has a value in a simulation, data after the rest."""
    pieces = sorted(_sites(model), key=lambda piece: piece.role is Role.OBSERVED)
    by_name = {piece.name: piece for piece in reversed(pieces)}
    for name in dict.fromkeys(piece.name for piece in pieces):
        piece = by_name[name]
        array = lowering.names[name]
        yield Variable(
            name,
            array,
            piece.dims,
            lowering.arrays[array].scalar,
            piece.role,
            isinstance(piece, Definition) and piece.is_local,
            piece.doc,
            piece.span,
        )


def _left_out(factor: ModelFactor) -> Diagnostic:
    return Diagnostic(
        "GML0721",
        "a factor that reads data has no sampler",
        Label(factor.span) if factor.span else None,
        help="describe the data with `~` and a distribution that has `sample`",
    )


def _constraint(factor: ModelFactor) -> Diagnostic:
    return Diagnostic(
        "GML0721",
        "the prior has a factor, which cannot be drawn from",
        Label(factor.span) if factor.span else None,
        help="describe the parameters with `~` and a distribution",
    )
