"""Sites as random draws: the sampler of a distribution, inlined as statements."""

from __future__ import annotations

from attrs import evolve

from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.ir.build import integer
from gml.ir.model import ModelSite, scalar_of
from gml.ir.nodes import Array, Axis, Expr, Let, Stmt, Storage
from gml.lower import families, transforms
from gml.lower.density import Lowering


def draw_site(site: ModelSite, lowering: Lowering) -> list[Stmt]:
    """A site drawn: its sampler's intermediate arrays, then its own."""
    shape = lowering.shape(site.dims)
    lowering.add_array(site.name, scalar_of(site.support), shape, Storage.LOCAL)
    site = _scalars_apart(site, shape, lowering)
    event = transforms.all_axes(evolve(site, axes=()), shape)
    sampler = families.sampler(
        site, lowering.distributions, site.indices, lowering.own.sampled
    )
    statements: list[Stmt] = []
    plate_shape = shape[: len(shape) - len(site.event_dims)]
    for local in sampler.locals:
        own = lowering.shape(local.dims)
        array = Array(local.name, local.scalar, (*plate_shape, *own), Storage.LOCAL)
        lowering.arrays.setdefault(local.name, array)
        axes = tuple(
            Axis(d, integer(0), s) for d, s in zip(local.dims, own, strict=True)
        )
        indices = (*site.indices, *transforms.variables(local.dims))
        statements.append(
            Let(local.name, indices, (*site.axes, *axes), local.value, site.span)
        )
    statements.append(
        Let(
            site.name,
            transforms.all_indices(site),
            (*site.axes, *event),
            sampler.value,
            site.span,
        )
    )
    return statements


def _scalars_apart(
    site: ModelSite, shape: tuple[Expr, ...], lowering: Lowering
) -> ModelSite:
    """A vector of which each element has a distribution of its own, as a plate."""
    if lowering.distributions[site.call.distribution].event_dims:
        return site
    indices = transforms.all_indices(site)
    axes = transforms.all_axes(site, shape)
    return evolve(site, indices=indices, axes=axes, event_dims=())


def sampler_missing(site: ModelSite, lowering: Lowering) -> Diagnostic | None:
    """Why a site cannot be drawn, if its distribution has no sampler."""
    name = site.call.distribution
    distribution = lowering.distributions[name]
    if "sample" in distribution.members:
        return None
    is_flat = name == "flat"
    span = site.call.span or site.span
    return Diagnostic(
        "GML0721",
        f"`{site.name}` cannot be drawn: "
        + ("`flat()` is improper" if is_flat else f"`{name}` has no `sample` member"),
        Label(span) if span else None,
        help=f"give `{site.name}` a proper prior, or a value"
        if is_flat
        else f"add `sample() = ..` to `dist {name}`",
    )
