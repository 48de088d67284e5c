"""What comes of summing out a parameter, and terms that are added up in arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import evolve, frozen

from gml.ir import build
from gml.ir.model import Definition, Role, Statement
from gml.ir.nodes import Apply, Axis, Expr, Read, Reduce, Reduction, Scalar, Var
from gml.ir.traverse import free_vars, transform
from gml.lower.discrete import mistakes
from gml.lower.discrete.cells import Frame, Use, at_states
from gml.lower.discrete.indices import Cell, in_terms_of, normal
from gml.lower.discrete.others import Others, find_others
from gml.lower.discrete.sizes import Sizes
from gml.lower.discrete.states import States
from gml.lower.discrete.summands import Summand


@frozen
class Setting:
    """The discrete parameters of a model: those not summed out yet are `others`."""

    states: Mapping[str, States]
    others: Mapping[str, States]
    sizes: Sizes
    fresh: Callable[[str], str]


@frozen
class Elimination:
    """Definitions, the term that takes the place of others, and how to draw back."""

    definitions: tuple[Statement, ...]
    summand: Summand
    recovery: tuple[Statement, ...]


def total(values: Iterable[Expr]) -> Expr:
    result: Expr = build.real(0)
    for value in values:
        result = build.add(result, value)
    return result


def apart(expr: Expr, variables: frozenset[str]) -> tuple[Expr, Expr]:
    """An expression as a sum: the part that depends on variables, and the rest.

    The rest is common to all states. Outside of the sum over these it loses no digits,
    and nothing is computed for it where it depends on data alone.
    """
    if not free_vars(expr) & variables:
        return build.real(0), expr
    match expr:
        case Apply("add" | "subtract" as sign, (left, right)):
            join = build.add if sign == "add" else build.subtract
            (a, b), (c, d) = apart(left, variables), apart(right, variables)
            return join(a, c), join(b, d)
        case Apply("negate", (operand,)):
            varying, rest = apart(operand, variables)
            return build.negate(varying), build.negate(rest)
        case Reduce(kind=Reduction.SUM, axis=axis, body=body):
            varying, rest = apart(body, variables - {axis.var})
            bounds = free_vars(axis.lower) | free_vars(axis.upper)
            if bounds & variables or build.is_const(rest, 0):
                return expr, build.real(0)
            return evolve(expr, body=varying), evolve(expr, body=rest)
        case _:
            return expr, build.real(0)


def united(
    parameter: str, uses: Iterable[Use], axes: tuple[Axis, ...], value: Expr
) -> Summand:
    """A term in place of several."""
    summands = [use.summand for use in uses]
    return Summand(
        axes,
        value,
        frozenset[str]().union(*(s.observed for s in summands)),
        frozenset[str]().union(*(s.priors for s in summands)),
        parameter,
        summands[0].span,
    )


def by_number(use: Use, value: Expr, group: Sequence[States], cell: Cell) -> Expr:
    """A term at the states `now` of a cell, and `before` of the one before it."""
    numbers: dict[tuple[str, Cell], Expr] = {}
    for states in group:
        numbers[states.name, normal(cell)] = Var(states.now)
        if use.place is not None:
            earlier = tuple(
                build.subtract(index, build.integer(1)) if k == use.place else index
                for k, index in enumerate(cell)
            )
            numbers[states.name, normal(earlier)] = Var(states.before)
    return at_states(value, numbers)


def scatter(
    wanted: str,
    uses: Sequence[Use],
    group: Sequence[States],
    frame: Frame,
    setting: Setting,
) -> tuple[tuple[Definition, ...], Expr]:
    """Terms added up in an array over cells and states, and the read of its element.

    For terms that have no value at each cell: those of single elements, of a part of a
    range, or of cells that data choose.
    """
    if not uses:
        return (), build.real(0)
    is_link = uses[0].place is not None
    values = [_framed(use, frame, setting, group) for use in uses]
    others = others_of(values, uses, group, frame.variables, setting)
    name = setting.fresh(wanted)
    axes = state_axes(group, setting.sizes, is_link)
    dims = (*frame.dims, *state_dims(group, is_link), *others.dims)
    states = tuple(Var(axis.var) for axis in axes)
    definitions = tuple(
        Definition(
            name,
            (*use.cell, *states, *others.variables),
            (*use.summand.axes, *axes, *others.axes(setting.sizes)),
            dims,
            Scalar.REAL,
            others.by_state(by_number(use, value, group, use.cell)),
            Role.DERIVED,
            is_local=True,
            span=use.summand.span,
            accumulates=True,
        )
        for use, value in zip(uses, values, strict=True)
    )
    return definitions, Read(name, (*frame.cell, *states, *others.numbers))


def state_axes(
    group: Sequence[States], sizes: Sizes, is_link: bool = False
) -> tuple[Axis, ...]:
    """Over the states of a cell; for a link over those of the cell before as well."""
    axes = [states.axis(sizes) for states in group]
    if is_link:
        axes = [*(states.axis(sizes, is_before=True) for states in group), *axes]
    return tuple(axes)


def state_dims(group: Sequence[States], is_link: bool = False) -> tuple[str, ...]:
    return tuple(states.dim for states in group) * (2 if is_link else 1)


def others_of(
    values: Iterable[Expr],
    uses: Sequence[Use],
    group: Sequence[States],
    variables: Iterable[str],
    setting: Setting,
) -> Others:
    """The other parameters that values depend on.

    Raises
    ------
    GmlError
        If those are at places that the variables do not say.
    """
    found = find_others(values, setting.others, variables, setting.fresh)
    if isinstance(found, str):
        own = group[0]
        raise mistakes.tangled(own.name, found, uses[0].summand.span, own.span)
    return found


def _framed(use: Use, frame: Frame, setting: Setting, group: Sequence[States]) -> Expr:
    """The term with the cells of other parameters in the frame's variables."""

    def rewrite(node: Expr) -> Expr:
        if not isinstance(node, Read) or node.array not in setting.others:
            return node
        indices = []
        for index in node.indices:
            found = in_terms_of(index, use.cell, frame.cell)
            indices.append(index if found is None else found)
        return Read(node.array, tuple(indices))

    return transform(use.summand.value, rewrite)
