"""The model as a simulator: every site drawn, causes before effects."""

from __future__ import annotations

from attrs import field, frozen

from gml.diagnostics.diagnostic import Diagnostic
from gml.ir.model import Statement
from gml.ir.nodes import Array, Dim, Stmt
from gml.ir.values import Variable
from gml.source import Span


@frozen
class Group:
    """Statements of the model to be carried out together.

    Those that `repeats` need one another's elements in an order that no loop has:
    they are run again, with the same noise, until nothing changes.
    """

    statements: tuple[Statement, ...]
    repeats: bool = False


@frozen
class Restriction:
    """Where the draws of a latent have to lie.

    `inside` names an array of truth values, one for each element. Elements may be
    drawn again one by one (`is_independent`: neither their distribution nor their
    bounds depend on other draws), or else all the draws that belong together.
    `num_event_dims` trailing dims are judged as one element.
    """

    site: str
    inside: str
    checks: tuple[Stmt, ...]
    is_independent: bool
    num_event_dims: int = 0
    span: Span | None = field(default=None, eq=False, repr=False)


@frozen
class Step:
    """Statements that draw, and what their draws have to satisfy.

    `sorted_arrays` are put in increasing order along their last dim: what that is
    for exchangeable elements declared to be ordered.
    """

    statements: tuple[Stmt, ...]
    restrictions: tuple[Restriction, ...] = ()
    sorted_arrays: tuple[str, ...] = ()
    repeats: bool = False


@frozen
class GenerativeProgram:
    """Steps from the covariates to parameters, derived values and data.

    `obstacles` say why a site cannot be drawn; `unsampled` are factors that read
    data, which a draw of the prior leaves out; `constraints` are factors of
    parameters alone, which it cannot. `partial` names data that are given in part:
    no line describes all of their elements.
    """

    dims: tuple[Dim, ...]
    arrays: tuple[Array, ...]
    steps: tuple[Step, ...]
    variables: tuple[Variable, ...]
    partial: frozenset[str]
    obstacles: tuple[tuple[str, Diagnostic], ...] = ()
    unsampled: tuple[Diagnostic, ...] = ()
    constraints: tuple[Diagnostic, ...] = ()
