"""Expressions with index variables renamed by the ranges they run over.

Equal parts of different statements are then one object, whatever their authors called
the index variables.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, field, frozen

from gml.ir.nodes import Apply, Axis, Expr, Reduce, Var
from gml.ir.printer import print_expr
from gml.ir.traverse import children, rebuild, substitute
from gml.passes.temporaries import Scope


@frozen(eq=False)
class Frame:
    """A scope, with the forms of expressions there and what is put in their place."""

    scope: Scope
    names: dict[str, str]
    guarded: bool = False
    forms: dict[int, Expr] = field(factory=dict, repr=False)
    parts: dict[Expr, Expr] = field(factory=dict, repr=False)
    _reduces: dict[int, Frame] = field(factory=dict, repr=False)
    _branches: list[Frame] = field(factory=list, repr=False)

    @staticmethod
    def of(scope: Scope) -> Frame:
        frame = Frame((), {})
        for axis in scope:
            frame = frame._within(axis)
        return frame

    def _within(self, axis: Axis) -> Frame:
        """The frame with one axis more; its name is its range, and a number."""
        lower, upper = self.renamed(axis.lower), self.renamed(axis.upper)
        text = f"{print_expr(lower)}..{print_expr(upper)}"
        number = sum(form.rpartition("#")[0] == text for form in self.names.values())
        names = {**self.names, axis.var: f"{text}#{number}"}
        return Frame((*self.scope, axis), names, self.guarded)

    def renamed(self, bound: Expr) -> Expr:
        """A bound in canonical names; bounds have no parts in frames of their own."""
        return substitute(bound, {name: Var(form) for name, form in self.names.items()})

    def body(self, reduce: Reduce) -> Frame:
        """The frame inside a reduction."""
        if id(reduce) not in self._reduces:
            self._reduces[id(reduce)] = self._within(reduce.axis)
        return self._reduces[id(reduce)]

    def branch(self) -> Frame:
        """The frame inside a branch of a select."""
        if self.guarded:
            return self
        if not self._branches:
            self._branches.append(Frame(self.scope, self.names, True))
        return self._branches[0]

    def variable(self, form: str) -> Var:
        """The variable that a canonical name stands for here."""
        return Var(next(name for name, own in self.names.items() if own == form))


def map_parts(expr: Expr, frame: Frame, rewrite: Callable[[Expr, Frame], Expr]) -> Expr:
    """The expression with `rewrite` applied to its parts, each in its own frame."""
    match expr:
        case Reduce(body=body):
            replaced = rewrite(body, frame.body(expr))
            return expr if replaced is body else evolve(expr, body=replaced)
        case Apply("select", (condition, then, otherwise)):
            parts = {
                id(then): rewrite(then, frame.branch()),
                id(otherwise): rewrite(otherwise, frame.branch()),
                id(condition): rewrite(condition, frame),
            }
            return rebuild(expr, lambda child: parts[id(child)])
        case _:
            return rebuild(expr, lambda child: rewrite(child, frame))


class Canonical:
    """The table of canonical forms, and who is told when a part is met."""

    def __init__(self, met: Callable[[Expr, Expr, Frame], None]) -> None:
        self._table: dict[Expr, Expr] = {}
        self._met = met

    def form(self, expr: Expr, frame: Frame) -> Expr:
        """The one object for all expressions that equal this one."""
        if id(expr) not in frame.forms:
            form = map_parts(expr, frame, self.form)
            match expr:
                case Var(name=name):
                    form = Var(frame.names[name])
                case Reduce():
                    form = _closed(expr, frame)
                case _:
                    pass
            form = self._table.setdefault(form, form)
            frame.forms[id(expr)] = form
            self._met(form, expr, frame)
        return frame.forms[id(expr)]


def _closed(reduce: Reduce, frame: Frame) -> Reduce:
    """The form of a reduction, the same whatever index variables are around it.

    Its own variable is named by how many reductions are nested inside it.
    """
    inner = frame.body(reduce)
    form = inner.forms[id(reduce.body)]
    own = inner.names[reduce.axis.var]
    var = f"{own.rpartition('#')[0]}@{_height(form)}"
    axis = Axis(var, frame.renamed(reduce.axis.lower), frame.renamed(reduce.axis.upper))
    return Reduce(reduce.kind, axis, substitute(form, {own: Var(var)}))


def _height(expr: Expr) -> int:
    below = max(map(_height, children(expr)), default=0)
    return below + 1 if isinstance(expr, Reduce) else below
