"""Sites as random draws: the sampler of a distribution, inlined as statements."""

from __future__ import annotations

from attrs import evolve

from gml.diagnostics.diagnostic import Diagnostic, Label
from gml.ir.build import integer
from gml.ir.library import ITERATION
from gml.ir.model import ModelSite, scalar_of
from gml.ir.nodes import Array, Axis, Expr, Let, Scan, Stmt, Storage, Var
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
        steps = () if local.following is None else (integer(local.times + 1),)
        own_shape = (*plate_shape, *own, *steps)
        array = Array(local.name, local.scalar, own_shape, Storage.LOCAL)
        lowering.arrays.setdefault(local.name, array)
        axes = tuple(
            Axis(d, integer(0), s) for d, s in zip(local.dims, own, strict=True)
        )
        statements += _local(local, site, axes)
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


def _local(
    local: families.SampledLocal, site: ModelSite, axes: tuple[Axis, ...]
) -> list[Stmt]:
    """The statements that give an intermediate draw its value."""
    indices = (*site.indices, *transforms.variables(local.dims))
    every = (*site.axes, *axes)
    if local.is_recurrence:
        one = Let(local.name, indices, site.axes, local.value, site.span)
        return [Scan(axes[0], (one,), span=site.span)]
    if local.following is None:
        return [Let(local.name, indices, every, local.value, site.span)]
    start = Let(local.name, (*indices, integer(0)), every, local.value, site.span)
    step = Let(
        local.name, (*indices, Var(ITERATION)), every, local.following, site.span
    )
    axis = Axis(ITERATION, integer(1), integer(local.times + 1))
    return [start, Scan(axis, (step,), span=site.span)]


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
