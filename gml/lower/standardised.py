"""Sites by their standardised variable: non-centred, or in between.

Where a distribution says `x = f(z)`, the position of a non-centred site is the
unconstrained coordinate v of z. That of `@noncentered(auto)` is

    u = w shift + scale^w v,    where the coordinate of x is shift + scale v:

v for a weight w of 0, and x's own coordinate, centred, for 1 (Gorinova, Moore and
Hoffman 2020, "Automatic reparameterisation of probabilistic programs"). Weights are
data of the density, an element's own, so that another one is no other program.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from gml.ir.build import ZERO, add, apply, is_const, multiply, negate, subtract
from gml.ir.library import (
    Actual,
    Distribution,
    Reparametrisation,
    expand_locals,
    instantiate,
)
from gml.ir.location_scale import NONCENTERED, base_support, location_scale
from gml.ir.model import ModelSite, RealSupport
from gml.ir.nodes import Array, Expr, Let, Read, Scalar, Stmt, Storage
from gml.lower import families, transforms
from gml.lower.names import OwnNames

Distributions = Mapping[str, Distribution]


@frozen
class Coordinate:
    """That of x is `shift` and `scale` times that of z."""

    shift: Expr
    scale: Expr

    @property
    def log_scale(self) -> Expr:
        return ZERO if is_const(self.scale, 1) else apply("log", self.scale)


def standardised(
    site: ModelSite,
    position: str,
    own: OwnNames,
    shape: transforms.Shape,
    distributions: Distributions,
) -> transforms.Constrained:
    """The value of a site from its position, and the Jacobian of z."""
    statements: list[Stmt] = []
    arrays: tuple[Array, ...] = ()
    jacobian: Expr = ZERO
    if site.is_auto:
        let, slope = _between(site, position, own, distributions)
        statements.append(let)
        arrays = tuple(
            Array(name, Scalar.REAL, shape, storage)
            for name, storage in (
                (own.weight(site.name), Storage.DATA),
                (own.base(site.name), Storage.LOCAL),
            )
        )
        jacobian = negate(slope)
    z, own_slope = transforms.constrained_real(
        support_of_base(site, distributions), _base_coordinate(site, position, own)
    )
    if own_slope is not None:
        jacobian = add(own_slope, jacobian)
    axes, indices = transforms.all_axes(site, shape), transforms.all_indices(site)
    value = value_of(site, distributions, z)
    statements.append(Let(site.name, indices, axes, value, site.span))
    terms = () if is_const(jacobian, 0) else transforms.jacobian(site, axes, jacobian)
    return transforms.Constrained(tuple(statements), terms, arrays)


def _between(
    site: ModelSite, position: str, own: OwnNames, distributions: Distributions
) -> tuple[Let, Expr]:
    """v = (u - w shift) scale^-w, and the logarithm of scale^w."""
    found = coordinate(site, distributions)
    weight = Read(own.weight(site.name), site.indices)
    u: Expr = Read(position, site.indices)
    moved = subtract(u, multiply(weight, found.shift))
    slope: Expr = ZERO
    if not is_const(found.log_scale, 0):
        slope = multiply(weight, found.log_scale)
        moved = multiply(moved, apply("exp", negate(slope)))
    return Let(own.base(site.name), site.indices, site.axes, moved, site.span), slope


def density_of(
    site: ModelSite, position: str, own: OwnNames, distributions: Distributions
) -> Expr:
    """The log density of an element of z."""
    z, _ = transforms.constrained_real(
        support_of_base(site, distributions), _base_coordinate(site, position, own)
    )
    form, distribution = _form(site, distributions)
    function = distributions[form.base].log_density
    outer, sizes = families.actuals_of(distribution, site.call), dict(site.call.sizes)
    arguments = {n: Actual(instantiate(e, outer, sizes)) for n, e in form.arguments}
    arguments[function.formals[-1].name] = Actual(z)
    return instantiate(expand_locals(function), arguments, {})


def value_of(site: ModelSite, distributions: Distributions, z: Expr) -> Expr:
    """The value of a site as a function of an element of z.

    Of a vector z is the element whose variables are those of the site's event dims.
    """
    form, distribution = _form(site, distributions)
    actuals = families.actuals_of(distribution, site.call)
    actuals[form.variable] = Actual(z, site.event_dims)
    return families.filled(form.result, actuals, distribution, site)


def coordinate(site: ModelSite, distributions: Distributions) -> Coordinate:
    """What the checker has made sure of for `@noncentered(auto)`."""
    found = known_coordinate(site, distributions)
    assert found is not None, f"{site.name} has a location and a scale"
    return found


def known_coordinate(
    site: ModelSite, distributions: Distributions
) -> Coordinate | None:
    form, distribution = _form(site, distributions)
    found = location_scale(distribution, distributions[form.base])
    if found is None:
        return None
    actuals, sizes = families.actuals_of(distribution, site.call), dict(site.call.sizes)
    shift = instantiate(found.shift, actuals, sizes)
    scale = instantiate(found.scale, actuals, sizes)
    return Coordinate(shift, scale)


def support_of_base(site: ModelSite, distributions: Distributions) -> RealSupport:
    """Where z lies."""
    form, distribution = _form(site, distributions)
    found = base_support(form, distributions[form.base])
    actuals, sizes = families.actuals_of(distribution, site.call), dict(site.call.sizes)
    lower, upper = (
        None if bound is None else instantiate(bound, actuals, sizes)
        for bound in (found.lower, found.upper)
    )
    return RealSupport(lower, upper)


def _base_coordinate(site: ModelSite, position: str, own: OwnNames) -> Expr:
    array = own.base(site.name) if site.is_auto else position
    return Read(array, transforms.all_indices(site))


def _form(
    site: ModelSite, distributions: Distributions
) -> tuple[Reparametrisation, Distribution]:
    distribution = distributions[site.call.distribution]
    return distribution.reparametrisations[NONCENTERED], distribution
