"""`target ~ distribution`: plates, events, supports, arguments."""

from __future__ import annotations

from attrs import field, frozen

from gml.check import (
    binding,
    calls,
    index_ranges,
    indexing,
    mistakes,
    site_checks,
    supports,
    targets,
)
from gml.check.declarations import Entry
from gml.check.scope import ArrayName, Mistake, Scope, Typed
from gml.check.types import describe_support
from gml.ir import build
from gml.ir.library import Distribution
from gml.ir.model import (
    DataCheck,
    DistCall,
    IndexSupport,
    ModelSite,
    RealSupport,
    Role,
    VectorSupport,
    scalar_of,
)
from gml.ir.nodes import Apply, Axis, Expr, Scalar, Var
from gml.ir.traverse import substitute
from gml.syntax import ast

DECORATORS = ("noncentered", "centered")


@frozen
class SiteResult:
    """A checked site, what its name means to later lines, checks left for the data."""

    site: ModelSite
    array: ArrayName
    checks: tuple[DataCheck, ...] = field(default=())


def elaborate_site(
    entry: Entry, scope: Scope, role: Role, data: ArrayName | None, is_final: bool
) -> SiteResult:
    """Check a `~` line. `is_final` is false while a recurrence is being typed."""
    node = entry.node
    assert isinstance(node, ast.Sample)
    left = targets.left_side(entry, node.target, scope)
    scope = left.scope
    if data is not None and left.declared is not None:
        raise Mistake(mistakes.narrowed_data(left.span, left.name))
    distribution = calls.distribution_of(node.distribution, scope)
    assert isinstance(node.distribution, ast.Call)
    call_span = node.distribution.span
    values = binding.bind_arguments(
        node.distribution.arguments,
        distribution.formals,
        distribution.name,
        call_span,
        scope,
    )
    known_plates = _known_plates(left, data, distribution)
    matched = binding.match_dims(distribution.formals, values, scope, known_plates)
    support = supports.instantiate_support(distribution, values, matched, scope)
    event = tuple(matched.dims.get(d, d) for d in distribution.event_dims)
    if left.declared is not None:
        support = supports.narrow(
            left.name,
            support,
            left.declared,
            distribution.name,
            call_span,
            node.target.type.span if node.target.type else left.span,
        )
        event = left.declared.event_dims or event
    dims, plates = _dims(left, data, event, matched, scope)
    is_told = data is not None or left.declared is not None
    sizes = _sizes(left, distribution, dims if is_told else (), matched)
    allowed = (*plates, *event) if not distribution.event_dims else plates
    for formal in distribution.formals:
        _check_dims(left, values[formal.name], allowed, matched.axes[formal.name])
    checks: list[DataCheck] = []
    if is_final:
        checks += site_checks.argument_checks(distribution, values, left, scope)
    if data is not None and is_final:
        checks += site_checks.value_checks(
            data, support, distribution.name, call_span, left
        )
    if isinstance(support, VectorSupport):
        checks.append(_size_check(left, event[-1]))
    if role is Role.LATENT and scalar_of(support) is not Scalar.REAL:
        raise Mistake(mistakes.discrete_latent(left.span, left.name, distribution.name))
    _check_generated(role, left, distribution)
    indices, axes, shifts = _regions(left, plates, scope)
    call = DistCall(
        distribution.name,
        tuple((n, substitute(v.expr, shifts)) for n, v in values.items()),
        tuple((f.name, matched.axes[f.name]) for f in distribution.formals if f.dims),
        tuple((g, scope.extent(d)) for g, d in sizes.items()),
        call_span,
    )
    site = ModelSite(
        left.name,
        indices,
        axes,
        dims,
        support,
        call,
        role,
        event,
        _is_noncentered(node, role, distribution, left),
        node.doc,
        entry.node.span,
    )
    return SiteResult(site, _array_name(site, left, data), tuple(checks))


def _sizes(
    left: targets.LeftSide,
    distribution: Distribution,
    dims: tuple[str, ...],
    matched: binding.Matched,
) -> dict[str, str]:
    """The dim that each generic dim stands for: the site's own where no argument is.

    `Omega: corr_matrix[K, J] ~ lkj_corr(2.0)` is a matrix over what its type says.
    """
    generic = distribution.event_dims
    if all(g in matched.dims for g in generic):
        return matched.dims
    own = dims[len(dims) - len(generic) :]
    if not own:
        support = describe_support(distribution.support)
        raise Mistake(
            mistakes.untold_dims(left.span, left.name, distribution.name, support)
        )
    return {**dict(zip(generic, own, strict=True)), **matched.dims}


def _known_plates(
    left: targets.LeftSide, data: ArrayName | None, distribution: Distribution
) -> tuple[str, ...] | None:
    """Dims that the left side shows to be plates, if it shows any."""
    if data is not None:
        count = len(data.dims) - len(distribution.event_dims)
        return data.dims[:count]
    if left.has_binders:
        return tuple(p.dim for p in left.places if p.dim is not None)
    return None


def _dims(
    left: targets.LeftSide,
    data: ArrayName | None,
    event: tuple[str, ...],
    matched: binding.Matched,
    scope: Scope,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Dims of the whole array, and the implicit plates of this line."""
    if data is not None:
        return _data_dims(left, data, event, scope)
    if left.has_binders:
        named = tuple(p.dim or "" for p in left.places)
        extra = left.declared.dims if left.declared else ()
        if left.declared and not left.declared.event_dims:
            extra = ()
        dims = (*named, *(d for d in extra or event if d not in named))
        if "" in dims and not any(p.dim is None for p in left.places):
            raise Mistake(mistakes.range_without_dim(left.span, left.name))
        own = {p.axis.var for p in left.places if p.axis is not None}
        return dims, tuple(d for d in named if d in own)
    if left.declared is not None and left.declared.dims:
        plates = tuple(d for d in left.declared.dims if d not in event)
        return left.declared.dims, plates
    plates = tuple(d for d in matched.plates if d not in event)
    return (*plates, *event), plates


def _data_dims(
    left: targets.LeftSide, data: ArrayName, event: tuple[str, ...], scope: Scope
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if not left.has_binders:
        return data.dims, data.dims[: len(data.dims) - len(event)]
    count = len(data.dims) - len(event)
    if len(left.places) != count:
        raise Mistake(
            mistakes.wrong_number_of_indices(
                left.span, left.name, len(left.places), data.dims
            )
        )
    for place, dim in zip(left.places, data.dims, strict=False):
        if place.dim is not None and not scope.same_dim(place.dim, dim):
            raise indexing.wrong_index(place.span, dim, place.dim, scope)
    own = {p.axis.var for p in left.places if p.axis is not None}
    implicit = {p.index.name for p in left.places if isinstance(p.index, Var)} & own
    slices = {
        p.axis.var for p in left.places if p.axis and not isinstance(p.index, Var)
    }
    return data.dims, tuple(
        v for v in (*implicit, *slices) if v in scope.dims or v in scope.extents
    )


def _check_dims(
    left: targets.LeftSide, value: Typed, allowed: tuple[str, ...], own: tuple[str, ...]
) -> None:
    """An argument's dims are the site's, or those of the argument itself."""
    extra = [d for d in value.dims if d not in allowed and d not in own]
    if extra:
        raise indexing.extra_dims(
            value.span, left.name, extra, allowed, left.span, left.scope
        )


def _size_check(left: targets.LeftSide, dim: str) -> DataCheck:
    one = build.integer(1)
    what = f"the number of elements of `{dim}`"
    help = f"`{left.name}` needs at least one element"
    size = left.scope.extent(dim)
    return DataCheck(size, (), one, None, what, left.span, "GML0602", help)


def _check_generated(
    role: Role, left: targets.LeftSide, distribution: Distribution
) -> None:
    if role is not Role.GENERATED:
        return
    own = left.declared.support if left.declared else RealSupport()
    is_own = isinstance(own, VectorSupport) and type(own) is type(distribution.support)
    if own != RealSupport() and not is_own:
        raise Mistake(mistakes.narrowed_generated(left.span, left.name))
    if "sample" not in distribution.members:
        raise Mistake(
            mistakes.cannot_sample_from(left.span, left.name, distribution.name)
        )


def _is_noncentered(
    node: ast.Sample, role: Role, distribution: Distribution, left: targets.LeftSide
) -> bool:
    for decorator in node.decorators:
        name = decorator.name.name
        if name not in DECORATORS:
            raise Mistake(mistakes.unknown_decorator(decorator.span, name))
        if name == "noncentered":
            why = None
            if role is Role.OBSERVED:
                why = f"`{left.name}` is data"
            elif "noncentered" not in distribution.reparametrisations:
                why = f"`{distribution.name}` has no location and scale of this kind"
            elif left.declared is not None and left.declared.support != RealSupport():
                why = f"the type of `{left.name}` changes the support"
            if why is not None:
                raise Mistake(
                    mistakes.cannot_noncentre(decorator.span, distribution.name, why)
                )
            return role is Role.LATENT
    return False


def _regions(
    left: targets.LeftSide, plates: tuple[str, ...], scope: Scope
) -> tuple[tuple[Expr, ...], tuple[Axis, ...], dict[str, Expr]]:
    """Indices and axes of the line; a slice's axis is moved to run over its indices."""
    if not left.has_binders:
        axes = tuple(Axis(d, build.integer(0), scope.extent(d)) for d in plates)
        return tuple(Var(d) for d in plates), (*left.loops, *axes), {}
    return shifted_regions(left)


def shifted_regions(
    left: targets.LeftSide,
) -> tuple[tuple[Expr, ...], tuple[Axis, ...], dict[str, Expr]]:
    indices: list[Expr] = []
    axes = list(left.loops)
    shifts: dict[str, Expr] = {}
    for place in left.places:
        match place.index:
            case Apply(primitive="add", arguments=(Var(name=name), lower)):
                assert place.axis is not None
                upper = build.add(lower, place.axis.upper)
                axes.append(Axis(name, lower, index_ranges.linear(upper)))
                shifts[name] = build.subtract(Var(name), lower)
                indices.append(Var(name))
            case index:
                indices.append(index)
                if place.axis is not None:
                    axes.append(place.axis)
    return tuple(indices), tuple(axes), shifts


def _array_name(
    site: ModelSite, left: targets.LeftSide, data: ArrayName | None
) -> ArrayName:
    if data is not None:
        return data
    interval = binding.interval_of_support(
        site.support, {n: a.interval for n, a in left.scope.arrays.items()}
    )
    index_of = site.support.dim if isinstance(site.support, IndexSupport) else None
    return ArrayName(
        site.name,
        scalar_of(site.support),
        site.dims,
        interval,
        index_of,
        is_known=False,
        span=left.span,
    )
