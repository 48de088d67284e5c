"""A step of a linearly implicit method for stiff equations, with its derivatives.

Each stage solves linear equations with one matrix, W = I / (gamma h) - J, for u. The
derivative of u in a direction solves equations with the same matrix: W du = what the
right side's derivative is, plus dJ u, where dJ is the change of the Jacobian.

E. Hairer and G. Wanner, "Solving Ordinary Differential Equations II", section IV.7.
"""

from __future__ import annotations

from attrs import define, field, frozen

from gml.ir.build import (
    ONE,
    ZERO,
    add,
    apply,
    divide,
    integer,
    multiply,
    real,
    subtract,
)
from gml.ir.nodes import (
    STATE,
    TIME,
    Axis,
    Expr,
    Read,
    Reduce,
    Reduction,
    Scan,
    Stmt,
    Var,
)
from gml.ir.tableaus import RosenbrockTableau
from gml.ir.tangents import tangent
from gml.ir.traverse import fresh_name
from gml.lower.odes.problem import DIRECTION, Place, Problem, Step, is_at

_COLUMN = "ode.column"
"""A vector that the Jacobian is applied to."""


@frozen
class _Vector:
    """What moves along: the state, or its derivatives in an argument.

    `stages` are the states of each stage, and `solutions` the u (or du) of its
    equations; `forward` has them halfway. `right` is the right side of the equation or
    its derivative, `in_time` the derivative of that in time, and `bent` is dJ u.
    """

    state: str
    axes: tuple[Axis, ...]
    right: Expr
    in_time: Expr
    bent: Expr
    stages: str
    forward: str
    solutions: str

    @property
    def own(self) -> tuple[Axis, ...]:
        return self.axes[1:]


@define
class Rosenbrock:
    """The method with one tableau, for one problem.

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
    tableau: RosenbrockTableau
    state: str
    vectors: list[_Vector] = field(init=False)
    _slope: str = field(init=False)
    _matrix: str = field(init=False)
    _couplings: str = field(init=False)
    _columns: str = field(init=False)
    _factors: tuple[str, str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        problem, tableau = self.problem, self.tableau
        right = problem.system.derivative
        in_time = tangent(right, lambda r: ONE if r.array == TIME else ZERO)
        applied = tangent(right, _along_column)
        self.vectors = [self._vector(self.state, problem.over, right, in_time, ZERO)]
        for each in problem.directions:
            changes = (problem.tangent(each, e) for e in (right, in_time, applied))
            axes = problem.along(each)
            self.vectors.append(self._vector(each.state, axes, *changes))
        self._slope = problem.carried("slope", (problem.size,))
        self._matrix = problem.table("weights", tableau.matrix)
        self._couplings = problem.table("couplings", tableau.couplings)
        pairs = zip(tableau.nodes, tableau.slopes, strict=True)
        self._columns = problem.table("nodes", [*pairs])
        square = (problem.size, problem.size)
        self._factors = problem.array("lower", square), problem.array("upper", square)

    def _vector(
        self,
        state: str,
        axes: tuple[Axis, ...],
        right: Expr,
        in_time: Expr,
        bent: Expr,
    ) -> _Vector:
        problem, num_stages = self.problem, integer(len(self.tableau.nodes))
        shape = (num_stages, *(axis.upper for axis in axes))
        names = (problem.array(p, shape) for p in ("stages", "forward", "solutions"))
        return _Vector(state, axes, right, in_time, bent, *names)

    @property
    def order(self) -> int:
        return self.tableau.order

    @property
    def slope(self) -> Place:
        """The slope of the state at the start, which the first step is chosen by."""
        return Place(self._slope)

    @property
    def carried(self) -> dict[str, tuple[Axis, ...]]:
        """The arrays that are carried, with their axes."""
        return {each.state: each.axes for each in self.vectors}

    def begin(self, time: Expr) -> list[Stmt]:
        """The slope at the start."""
        problem = self.problem
        here = {STATE: Place(self.state)}
        right = problem.placed(problem.system.derivative, time, here)
        return [problem.let(self._slope, problem.over, right)]

    def step(self, h: Expr, time: Expr) -> Step:
        """From the state at a time, by h."""
        problem, last = self.problem, len(self.tableau.nodes)
        body: list[Stmt] = self._factorised(h, time)
        stage = Axis(self._fresh("stage"), integer(0), integer(last))
        stages = [s for each in self.vectors for s in self._stage(each, stage, h, time)]
        body.append(Scan(stage, tuple(stages), span=problem.span))
        reached: dict[str, Place] = {}
        for each in self.vectors:
            total = self._sum(each, self._matrix, integer(last), integer(last))
            value = add(Place(each.state).over(each.axes), total)
            new = problem.new("reached", each.axes, value)
            body.append(new)
            reached[each.state] = Place(new.array)
        error = Place(self.vectors[0].solutions, (integer(last - 1),))
        estimate = error.over(problem.over)
        size = problem.error(estimate, Place(self.state), reached[self.state])
        return Step(body, reached, size)

    def _fresh(self, name: str) -> str:
        return fresh_name(name, self.problem.taken)

    # ------------------------------------------------------------------- matrix

    def _factorised(self, h: Expr, time: Expr) -> list[Stmt]:
        """W = lower upper: its factors row by row and column by column."""
        problem, size, zero = self.problem, self.problem.size, integer(0)
        column = Axis(self._fresh("column"), zero, size)
        own = Var(column.var)
        jacobian = tangent(
            problem.system.derivative,
            lambda r: is_at(r.indices, (own,)) if r.array == STATE else ZERO,
        )
        jacobian = problem.placed(jacobian, time, {STATE: Place(self.state)})
        diagonal = divide(real(1 / self.tableau.gamma), h)
        at = (Var(problem.component.var), own)
        value = subtract(multiply(diagonal, is_at(at[:1], at[1:])), jacobian)
        matrix = problem.new("matrix", (problem.component, column), value)
        return [matrix, self._elimination(matrix.array)]

    def _elimination(self, matrix: str) -> Scan:
        problem, size = self.problem, self.problem.size
        lower, upper = self._factors
        pivot, earlier = self._fresh("pivot"), self._fresh("earlier")
        row, column = self._fresh("row"), self._fresh("column")
        p, m, i, j = Var(pivot), Var(earlier), Var(row), Var(column)

        def left(i: Expr, j: Expr) -> Expr:
            product = multiply(Read(lower, (i, m)), Read(upper, (m, j)))
            known = Reduce(Reduction.SUM, Axis(earlier, integer(0), p), product)
            return subtract(Read(matrix, (i, j)), known)

        after = apply("add", p, integer(1))
        rows, columns = Axis(row, after, size), Axis(column, p, size)
        scaled = divide(left(i, p), Read(upper, (p, p)))
        body: tuple[Stmt, ...] = (
            problem.let(upper, (columns,), left(p, j), p),
            problem.let_at(lower, (i, p), (rows,), scaled),
        )
        return Scan(Axis(pivot, integer(0), size), body, span=problem.span)

    # ------------------------------------------------------------------- stages

    def _stage(self, each: _Vector, stage: Axis, h: Expr, time: Expr) -> list[Stmt]:
        problem, here = self.problem, Var(stage.var)
        total = self._sum(each, self._matrix, here, here)
        value = add(Place(each.state).over(each.axes), total)
        reached = problem.let(each.stages, each.axes, value, here)
        return [reached, *self._solved(each, here, self._wanted(each, here, h, time))]

    def _wanted(self, each: _Vector, here: Expr, h: Expr, time: Expr) -> Expr:
        """The right side of the linear equations, for a component."""
        problem = self.problem
        node, slope = (Read(self._columns, (here, integer(k))) for k in (0, 1))
        first = self.vectors[0]
        places = {
            STATE: Place(first.stages, (here,)),
            DIRECTION: Place(each.stages, (here,)),
        }
        now = add(time, multiply(node, h))
        wanted = problem.placed(each.right, now, places)
        total = self._sum(each, self._couplings, here, here)
        wanted = add(wanted, divide(total, h))
        begun = {
            STATE: Place(self.state),
            DIRECTION: Place(each.state),
            _COLUMN: Place(first.solutions, (here,)),
        }
        if each.in_time != ZERO:
            in_time = problem.placed(each.in_time, time, begun)
            wanted = add(wanted, multiply(multiply(slope, h), in_time))
        return add(wanted, problem.placed(each.bent, time, begun))

    def _solved(self, each: _Vector, here: Expr, wanted: Expr) -> list[Stmt]:
        """The equations' solution, through both factors."""
        problem, size = self.problem, self.problem.size
        lower, upper = self._factors
        component, earlier = problem.component.var, self._fresh("earlier")
        i, m = Var(component), Var(earlier)
        own = tuple(Var(axis.var) for axis in each.own)

        def less(value: Expr, factor: str, known: str, axis: Axis) -> Expr:
            product = multiply(Read(factor, (i, m)), Read(known, (here, m, *own)))
            return subtract(value, Reduce(Reduction.SUM, axis, product))

        before = Axis(earlier, integer(0), i)
        after = Axis(earlier, apply("add", i, integer(1)), size)
        forward = less(wanted, lower, each.forward, before)
        halfway = Read(each.forward, (here, i, *own))
        backward = less(halfway, upper, each.solutions, after)
        backward = divide(backward, Read(upper, (i, i)))
        down = problem.let(each.forward, each.own, forward, here, i)
        up = problem.let(each.solutions, each.own, backward, here, i)
        return [
            Scan(problem.component, (down,), span=problem.span),
            Scan(problem.component, (up,), reverse=True, span=problem.span),
        ]

    def _sum(self, each: _Vector, table: str, row: Expr, end: Expr) -> Expr:
        """The solutions of earlier stages, weighted."""
        var = self._fresh("earlier")
        at = Var(var)
        solution = Place(each.solutions, (at,)).over(each.axes)
        product = multiply(Read(table, (row, at)), solution)
        return Reduce(Reduction.SUM, Axis(var, integer(0), end), product)


def _along_column(read: Read) -> Expr:
    return Read(_COLUMN, read.indices) if read.array == STATE else ZERO
