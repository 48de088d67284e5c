"""A step of an explicit Runge-Kutta method, with its derivatives.

E. Hairer, S. P. Norsett and G. Wanner, "Solving Ordinary Differential Equations I",
sections II.4 and II.5.
"""

from __future__ import annotations

from attrs import define, field, frozen

from gml.ir.build import add, integer, multiply
from gml.ir.nodes import STATE, Axis, Expr, Read, Reduce, Reduction, Scan, Stmt, Var
from gml.ir.tableaus import ExplicitTableau
from gml.ir.traverse import fresh_name
from gml.lower.odes.problem import DIRECTION, Place, Problem, Step


@frozen
class _Vector:
    """What moves along: the state, or its derivatives in an argument.

    `state` and `slope` are carried; `stages` and `slopes` have them at each stage. The
    slope is `right`, of the equation's own names.
    """

    state: str
    axes: tuple[Axis, ...]
    right: Expr
    slope: str
    stages: str
    slopes: str


@define
class Explicit:
    """The method with one tableau, for one problem. Its last slope is the next first.

    The stages are a loop, so that the right side is in the program once: functions of
    the state are long when they are printed as kernels.

    Parameters
    ----------
    problem
        What it is for.
    tableau
        The method's coefficients.
    state
        The array that carries the state.
    """

    problem: Problem
    tableau: ExplicitTableau
    state: str
    stage: Axis = field(init=False)
    vectors: list[_Vector] = field(init=False)
    _matrix: str = field(init=False)
    _columns: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        problem, tableau = self.problem, self.tableau
        taken = problem.taken
        var = fresh_name("stage", taken)
        self.stage = Axis(var, integer(1), integer(len(tableau.nodes)))
        right = problem.system.derivative
        self.vectors = [self._vector(self.state, problem.over, right)]
        for each in problem.directions:
            tangent = problem.tangent(each)
            self.vectors.append(self._vector(each.state, problem.along(each), tangent))
        self._matrix = problem.table("weights", tableau.matrix)
        pairs = zip(tableau.nodes, tableau.error, strict=True)
        self._columns = problem.table("nodes", [*pairs])

    def _vector(self, state: str, axes: tuple[Axis, ...], right: Expr) -> _Vector:
        problem = self.problem
        shape = tuple(axis.upper for axis in axes)
        staged = (integer(len(self.tableau.nodes)), *shape)
        return _Vector(
            state,
            axes,
            right,
            problem.carried("slope", shape),
            problem.array("stages", staged),
            problem.array("slopes", staged),
        )

    @property
    def order(self) -> int:
        return self.tableau.order

    @property
    def slope(self) -> Place:
        """The slope of the state."""
        return Place(self.vectors[0].slope)

    @property
    def carried(self) -> dict[str, tuple[Axis, ...]]:
        """The arrays that are carried, with their axes."""
        axes = {each.state: each.axes for each in self.vectors}
        return axes | {each.slope: each.axes for each in self.vectors}

    def begin(self, time: Expr) -> list[Stmt]:
        """The slopes at the start."""
        body: list[Stmt] = []
        for each in self.vectors:
            places = {STATE: Place(self.state), DIRECTION: Place(each.state)}
            slope = self.problem.placed(each.right, time, places)
            body.append(self.problem.let(each.slope, each.axes, slope))
        return body

    def step(self, h: Expr, time: Expr) -> Step:
        """From the state at a time, by h."""
        problem, last = self.problem, integer(len(self.tableau.nodes) - 1)
        body: list[Stmt] = [
            problem.let(
                each.slopes, each.axes, Place(each.slope).over(each.axes), integer(0)
            )
            for each in self.vectors
        ]
        stages = tuple(self._stages(h, time))
        body.append(Scan(self.stage, stages, span=problem.span))
        reached = {each.state: Place(each.stages, (last,)) for each in self.vectors}
        reached |= {each.slope: Place(each.slopes, (last,)) for each in self.vectors}
        first = self.vectors[0]
        estimate = multiply(
            h, self._sum(first, self._columns, True, integer(len(self.tableau.nodes)))
        )
        error = problem.error(estimate, Place(self.state), reached[self.state])
        return Step(body, reached, error)

    def _stages(self, h: Expr, time: Expr) -> list[Stmt]:
        problem, here = self.problem, Var(self.stage.var)
        node = Read(self._columns, (here, integer(0)))
        now = add(time, multiply(node, h))
        state = Place(self.vectors[0].stages, (here,))
        body: list[Stmt] = []
        for each in self.vectors:
            moved = multiply(h, self._sum(each, self._matrix, False, here))
            reached = add(Place(each.state).over(each.axes), moved)
            places = {STATE: state, DIRECTION: Place(each.stages, (here,))}
            slope = problem.placed(each.right, now, places)
            body += [
                problem.let(each.stages, each.axes, reached, here),
                problem.let(each.slopes, each.axes, slope, here),
            ]
        return body

    def _sum(self, each: _Vector, table: str, is_error: bool, end: Expr) -> Expr:
        """The slopes of earlier stages, weighted."""
        var = fresh_name("earlier", self.problem.taken)
        axis, at = Axis(var, integer(0), end), Var(var)
        place = (at, integer(1)) if is_error else (Var(self.stage.var), at)
        slope = Place(each.slopes, (at,)).over(each.axes)
        return Reduce(Reduction.SUM, axis, multiply(Read(table, place), slope))
