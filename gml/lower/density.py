"""From a checked model to its log density over the unconstrained position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve

from gml.ir.library import Distribution
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
from gml.ir.nodes import (
    SCORE,
    Add,
    Array,
    Density,
    Dim,
    Expr,
    Let,
    Read,
    Scalar,
    Scan,
    Site,
    Size,
    Stmt,
    Storage,
    Term,
    TermKind,
)
from gml.ir.traverse import map_statement, rename_bound
from gml.lower import families, transforms
from gml.lower.matrices import MatrixStatements
from gml.lower.names import OwnNames, array_names, renamed

_SCORE = Array(SCORE, Scalar.REAL, (), Storage.ADJOINT)


class Lowering:
    """Arrays, sites and statements of one model as they are written."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.names = array_names(model)
        self.own = OwnNames([*self.names, *self.names.values()])
        self.distributions: Mapping[str, Distribution] = model.distributions
        self.arrays: dict[str, Array] = {}
        self.sites: dict[str, Site] = {}
        for datum in model.data:
            shape = self.shape(datum.dims)
            scalar = scalar_of(datum.support)
            self.add_array(datum.name, scalar, shape, Storage.DATA)

    def shape(self, dims: Iterable[str]) -> tuple[Expr, ...]:
        return tuple(self.model.extents.get(d, Size(d)) for d in dims)

    def add_array(
        self, name: str, scalar: Scalar, shape: tuple[Expr, ...], storage: Storage
    ) -> None:
        array = self.names.get(name, name)
        self.arrays.setdefault(array, Array(array, scalar, shape, storage))

    def dims(self) -> tuple[Dim, ...]:
        sizes = {d.name: d.size for d in self.model.dims}
        alias = {d.name: d.alias_of for d in self.model.dims}

        def size(name: str) -> int | None:
            while (other := alias[name]) is not None:
                name = other
            return sizes[name]

        return tuple(Dim(d.name, size(d.name)) for d in self.model.dims)

    # ------------------------------------------------------------------ values

    def latent(self, site: ModelSite) -> transforms.Constrained:
        """Value statements and Jacobian of a latent's region."""
        shape = self.shape(site.dims)
        position = self.own.position(site.name)
        own = transforms.unconstrained_shape(site, shape)
        self.add_array(site.name, Scalar.REAL, shape, Storage.LOCAL)
        self.arrays.setdefault(
            position, Array(position, Scalar.REAL, own, Storage.POSITION)
        )
        self.sites.setdefault(
            site.name, Site(site.name, position, self.names[site.name], own)
        )
        if site.is_noncentered:
            at = Read(position, site.indices)
            value = families.noncentred_value(site, self.distributions, at)
            let = Let(site.name, site.indices, site.axes, value, site.span)
            return transforms.Constrained((let,), ())
        made = transforms.constrain(site, position, self.own, shape)
        for array in made.arrays:
            self.arrays.setdefault(array.name, array)
        return made

    def definition(self, node: Definition) -> Let:
        self.add_array(node.name, node.scalar, self.shape(node.dims), Storage.LOCAL)
        scalar = self.arrays[self.names[node.name]].scalar
        value = families.convert(node.value, node.scalar, scalar)
        return Let(node.name, node.indices, node.axes, value, node.span)

    # ------------------------------------------------------------------- score

    def site_term(self, site: ModelSite) -> Add:
        """The site's log density, summed over its plates."""
        kind = TermKind.LIKELIHOOD if site.role is Role.OBSERVED else TermKind.PRIOR
        shape = self.shape(site.dims)
        axes = transforms.all_axes(site, shape)
        if site.is_noncentered:
            at: Expr = Read(self.own.position(site.name), site.indices)
            value = families.noncentred_density(site, self.distributions, at)
        else:
            scalar = self.arrays[self.names[site.name]].scalar
            at = families.reads_value(site, site.name, scalar)
            value = families.log_density(site, self.distributions, at)
            distribution = self.distributions[site.call.distribution]
            if distribution.event_dims:
                axes = site.axes
        return Add(SCORE, (), axes, value, Term(kind, site.name), site.span)

    def finish(self, stmt: Stmt) -> Stmt:
        """Array names in place of user names; every bound variable unique."""
        stmt = map_statement(stmt, lambda e: renamed(e, self.names))
        return _unshadowed(_retargeted(stmt, self.names), frozenset())


def lower(model: Model) -> Density:
    """One density of the unconstrained position, its terms kept apart."""
    lowering = Lowering(model)
    values: list[Stmt] = []
    terms: list[Stmt] = []
    for statement in model.statements:
        _statement(statement, lowering, values, terms)
    body = tuple(lowering.finish(s) for s in (*values, *terms))
    body = MatrixStatements(lowering.arrays, lowering.own).program(body)
    lowering.arrays[SCORE] = _SCORE
    return Density(
        model.name,
        lowering.dims(),
        tuple(lowering.arrays.values()),
        tuple(lowering.sites.values()),
        (),
        body,
    )


def _statement(
    statement: Statement,
    lowering: Lowering,
    values: list[Stmt],
    terms: list[Stmt],
) -> None:
    match statement:
        case ModelSite(role=Role.LATENT):
            made = lowering.latent(statement)
            values += made.values
            terms += made.jacobian
            terms.append(lowering.site_term(statement))
        case ModelSite(role=Role.OBSERVED):
            terms.append(lowering.site_term(statement))
        case Definition(role=Role.DERIVED | Role.KNOWN):
            values.append(lowering.definition(statement))
        case ModelFactor(term=term, axes=axes, value=value, span=span):
            terms.append(Add(SCORE, (), axes, value, term, span))
        case Recurrence():
            _recurrence(statement, lowering, values, terms)
        case ModelSite() | Definition():
            return  # generated: evaluated for kept draws only


def _recurrence(
    loop: Recurrence, lowering: Lowering, values: list[Stmt], terms: list[Stmt]
) -> None:
    body: list[Stmt] = []
    for piece in loop.body:
        if isinstance(piece, Definition):
            if piece.role in (Role.DERIVED, Role.KNOWN):
                body.append(lowering.definition(piece))
        elif piece.role is Role.LATENT:
            made = lowering.latent(piece)
            body += made.values
            whole = evolve(piece, axes=(loop.axis, *piece.axes))
            outer = lowering.latent(whole)
            terms += outer.jacobian
            terms.append(lowering.site_term(whole))
    if body:
        values.append(Scan(loop.axis, tuple(body), span=loop.span))


def _retargeted(stmt: Stmt, names: Mapping[str, str]) -> Stmt:
    match stmt:
        case Let():
            return evolve(stmt, array=names.get(stmt.array, stmt.array))
        case Add():
            return stmt
        case Scan():
            return evolve(stmt, body=tuple(_retargeted(s, names) for s in stmt.body))


def _unshadowed(stmt: Stmt, outer: frozenset[str]) -> Stmt:
    """Variables bound inside expressions differ from those of the statement."""
    match stmt:
        case Let() | Add():
            taken = outer | {axis.var for axis in stmt.axes}
            return evolve(stmt, value=rename_bound(stmt.value, taken))
        case Scan():
            inner = outer | {stmt.axis.var}
            return evolve(stmt, body=tuple(_unshadowed(s, inner) for s in stmt.body))
