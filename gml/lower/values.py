"""The program of everything a user sees: constrained, derived and generated values."""

from __future__ import annotations

from collections.abc import Iterable

from gml.ir.model import Definition, Model, ModelFactor, ModelSite, Recurrence, Role
from gml.ir.nodes import Scan, Stmt
from gml.ir.values import ValueProgram, Variable
from gml.lower.density import Lowering
from gml.lower.draws import draw_site


def lower_values(model: Model) -> ValueProgram:
    """Statements that compute every named value from a position and the data."""
    lowering = Lowering(model)
    statements, variables = value_statements(lowering)
    return value_program(lowering, statements, variables)


def value_statements(lowering: Lowering) -> tuple[list[Stmt], list[Variable]]:
    """The statements in the model's own names, and what they give values to."""
    statements: list[Stmt] = []
    variables: dict[str, Variable] = {}
    for statement in lowering.model.statements:
        match statement:
            case Recurrence(axis=axis, body=body, reverse=reverse, span=span):
                inner: list[Stmt] = []
                for piece in body:
                    inner += _values(piece, lowering)
                    _report(piece, lowering, variables)
                statements.append(Scan(axis, tuple(inner), reverse, span))
            case ModelSite() | Definition():
                statements += _values(statement, lowering)
                _report(statement, lowering, variables)
            case ModelFactor():
                pass
    return statements, list(variables.values())


def value_program(
    lowering: Lowering, statements: Iterable[Stmt], variables: Iterable[Variable]
) -> ValueProgram:
    """A program of statements in the model's own names."""
    finished = tuple(lowering.finish(s) for s in statements)
    return ValueProgram(
        lowering.dims(),
        tuple(lowering.arrays.values()),
        tuple(lowering.sites.values()),
        finished,
        tuple(variables),
    )


def _values(piece: ModelSite | Definition, lowering: Lowering) -> list[Stmt]:
    if isinstance(piece, Definition):
        return [lowering.definition(piece)]
    match piece.role:
        case Role.LATENT:
            return list(lowering.latent(piece).values)
        case Role.GENERATED:
            return draw_site(piece, lowering)
        case _:
            return []


def _report(
    piece: ModelSite | Definition, lowering: Lowering, variables: dict[str, Variable]
) -> None:
    if isinstance(piece, ModelSite) and piece.role is Role.OBSERVED:
        return
    array = lowering.names[piece.name]
    variables.setdefault(
        piece.name,
        Variable(
            piece.name,
            array,
            piece.dims,
            lowering.arrays[array].scalar,
            piece.role,
            isinstance(piece, Definition) and piece.is_local,
            piece.doc,
            piece.span,
        ),
    )
