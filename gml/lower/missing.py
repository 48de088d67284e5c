"""Missing cells as parameters: a model of data some of whose cells are not there."""

from __future__ import annotations

from collections.abc import Collection

from attrs import evolve

from gml.ir.build import select
from gml.ir.missing import MissingNames, missing_names
from gml.ir.model import (
    BooleanSupport,
    DataCheck,
    DataVariable,
    Definition,
    DistCall,
    IndexSupport,
    Model,
    ModelDim,
    ModelFactor,
    ModelSite,
    RealSupport,
    Recurrence,
    Role,
    Statement,
)
from gml.ir.nodes import Axis, Expr, Read, Scalar, Var
from gml.ir.traverse import arrays_read, substitute


def impute(model: Model, incomplete: Collection[str]) -> Model:
    """The model in which the missing cells of these arrays are parameters.

    The site that describes an array describes all of its cells, so the parameters have
    no density of their own: an improper `flat` prior over the support.
    """
    names = missing_names(model, incomplete)
    for datum in model.data:
        if datum.name in names:
            model = _impute(model, datum, names[datum.name])
    return evolve(model, missing=names)


def _impute(model: Model, datum: DataVariable, names: MissingNames) -> Model:
    assert datum.missing is not None
    cell = Var(names.dim)
    places = {
        dim: Read(name, (cell,))
        for dim, name in zip(datum.dims, names.places, strict=True)
    }
    support = RealSupport(
        *(
            None if bound is None else substitute(bound, places)
            for bound in (datum.missing.lower, datum.missing.upper)
        )
    )
    latent = ModelSite(
        names.latent,
        (cell,),
        (Axis.over(names.dim, names.dim),),
        (names.dim,),
        support,
        DistCall("flat", (), span=datum.span),
        Role.LATENT,
        doc=f"Missing cells of {datum.name}.",
        span=datum.span,
    )
    everywhere = tuple(Var(dim) for dim in datum.dims)
    whole = Definition(
        datum.name,
        everywhere,
        tuple(Axis.over(dim, dim) for dim in datum.dims),
        datum.dims,
        Scalar.REAL,
        select(
            Read(names.is_missing, everywhere),
            Read(names.latent, (Read(names.slot, everywhere),)),
            Read(names.given, everywhere),
        ),
        Role.DERIVED,
        is_local=True,
        doc=datum.doc,
        span=datum.span,
    )
    return evolve(
        model,
        dims=(*model.dims, ModelDim(names.dim)),
        data=_data(model, datum, names),
        statements=_inserted(model.statements, (latent, whole)),
        checks=tuple(_of_given(check, datum.name, names) for check in model.checks),
    )


def _data(
    model: Model, datum: DataVariable, names: MissingNames
) -> tuple[DataVariable, ...]:
    others = tuple(d for d in model.data if d.name != datum.name)
    cells = (names.dim,)
    return (
        *others,
        evolve(datum, name=names.given, missing=None),
        DataVariable(names.is_missing, datum.dims, BooleanSupport()),
        DataVariable(names.slot, datum.dims, IndexSupport(names.dim)),
        *(
            DataVariable(name, cells, IndexSupport(dim))
            for name, dim in zip(names.places, datum.dims, strict=True)
        ),
    )


def _inserted(
    statements: tuple[Statement, ...], own: tuple[ModelSite, Definition]
) -> tuple[Statement, ...]:
    """The statements of an array before all that need it, after all others.

    What its bounds need is among the others: the checker has refused anything else.
    """
    needing = {own[1].name}
    before: list[Statement] = []
    after: list[Statement] = []
    for statement in statements:
        if _reads(statement) & needing:
            needing |= _names(statement)
            after.append(statement)
        else:
            before.append(statement)
    return (*before, *own, *after)


def _names(statement: Statement) -> set[str]:
    match statement:
        case Recurrence(body=body):
            return {piece.name for piece in body}
        case ModelFactor():
            return set()
        case ModelSite(role=Role.OBSERVED):
            return set()
        case _:
            return {statement.name}


def _reads(statement: Statement) -> frozenset[str]:
    match statement:
        case Recurrence(body=body):
            return frozenset[str]().union(*map(_reads, body))
        case ModelFactor(value=value) | Definition(value=value):
            return arrays_read(value)
        case ModelSite():
            own = {statement.name} if statement.role is Role.OBSERVED else set()
            exprs = [value for _, value in statement.call.arguments]
            if isinstance(statement.support, RealSupport):
                bounds = (statement.support.lower, statement.support.upper)
                exprs += [bound for bound in bounds if bound is not None]
            return frozenset(own).union(*map(arrays_read, exprs))


def _of_given(check: DataCheck, name: str, names: MissingNames) -> DataCheck:
    """A check of observed values looks at those that are there."""
    value = check.value
    if not isinstance(value, Read) or value.array != name:
        return check
    bound = check.lower if check.lower is not None else check.upper
    given: Expr = Read(names.given, value.indices)
    if bound is not None:
        given = select(Read(names.is_missing, value.indices), bound, given)
    return evolve(check, value=given)
