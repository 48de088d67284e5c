"""Which elements a statement touches, as seen from one of its index variables."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from attrs import frozen

from gml.ir.nodes import Add, Apply, Const, Expr, Let, Read, Scan, Stmt, Var
from gml.ir.traverse import walk


class Mode(Enum):
    """What a statement does with an element. Additions commute."""

    READ = "read"
    DEFINE = "define"
    ADD = "add"


@frozen
class Access:
    """An element of an array, at indices that may depend on index variables."""

    array: str
    indices: tuple[Expr, ...]
    mode: Mode


def accesses(stmt: Stmt) -> Iterator[Access]:
    """Every access of a statement; of a Scan, those of its body."""
    match stmt:
        case Scan(body=body):
            for part in body:
                yield from accesses(part)
        case Let() | Add():
            for expr in (*stmt.indices, stmt.value):
                for node in walk(expr):
                    if isinstance(node, Read):
                        yield Access(node.array, node.indices, Mode.READ)
            mode = Mode.ADD if isinstance(stmt, Add) else Mode.DEFINE
            yield Access(stmt.array, stmt.indices, mode)


def offset(index: Expr, var: str) -> int | None:
    """How far an index is from the variable; None if that varies or it is another."""
    match index:
        case Var(name=name) if name == var:
            return 0
        case Apply("add", (Var(name=name), Const(value=value))) if name == var:
            return int(value)
        case Apply("subtract", (Var(name=name), Const(value=value))) if name == var:
            return -int(value)
        case _:
            return None


def depends(earlier: Access, later: Access) -> bool:
    """Whether two accesses to one array must stay in order."""
    modes = {earlier.mode, later.mode}
    return earlier.array == later.array and modes not in _ORDERLESS


# Definitions never overlap, and the rest commutes.
_ORDERLESS = ({Mode.READ}, {Mode.ADD}, {Mode.DEFINE})
