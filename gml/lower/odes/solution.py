"""The loops around the steps: control of their length, and what is kept.

E. Hairer, S. P. Norsett and G. Wanner, "Solving Ordinary Differential Equations I",
section II.4.
"""

from __future__ import annotations

from attrs import define, field

from gml.ir.build import (
    ONE,
    ZERO,
    add,
    apply,
    divide,
    integer,
    multiply,
    real,
    select,
    subtract,
)
from gml.ir.nodes import (
    Axis,
    Expr,
    Let,
    OdeMethod,
    Read,
    Reduce,
    Reduction,
    Scan,
    Stmt,
    Var,
)
from gml.ir.tableaus import (
    DORMAND_PRINCE,
    FIRST_STEP,
    GREATEST_FACTOR,
    LEAST_FACTOR,
    LEAST_STEP,
    RODAS,
    SAFETY,
)
from gml.ir.traverse import fresh_name
from gml.lower.odes.explicit import Explicit
from gml.lower.odes.problem import Place, Problem, is_at
from gml.lower.odes.rosenbrock import Rosenbrock

_INFINITY, _NAN = real(float("inf")), real(float("nan"))


def solution_statements(problem: Problem) -> list[Stmt]:
    """Arguments first, then the loops, then the solution with its derivatives.

    Parameters
    ----------
    problem
        Its `name` is the array that the solution gets.
    """
    state = problem.carried("state", (problem.size,))
    method: Explicit | Rosenbrock
    match problem.system.method:
        case OdeMethod.EXPLICIT:
            method = Explicit(problem, DORMAND_PRINCE, state)
        case OdeMethod.STIFF:
            method = Rosenbrock(problem, RODAS, state)
    return _Solution(problem, method, state).statements()


@define
class _Solution:
    """What the loops carry beside the method's own: state, time left, length of steps.

    `least` is a length below which there is no solution.
    """

    problem: Problem
    method: Explicit | Rosenbrock
    state: str
    left: str = field(init=False)
    length: str = field(init=False)
    least: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        problem = self.problem
        self.left = problem.carried("left")
        self.length = problem.carried("step")
        self.least = problem.carried("least_step")

    def statements(self) -> list[Stmt]:
        problem = self.problem
        values = problem.array("values", problem.results())
        interval = tuple(self._interval(values))
        run = Scan(problem.time, interval, span=problem.span)
        closed = self._closed([*self._starts(), run])
        return [*problem.before, closed, self._solution(values)]

    def _closed(self, body: list[Stmt]) -> Scan:
        """The loops over plates; where there are none, one that runs once."""
        problem = self.problem
        once = Axis(fresh_name("once", problem.taken), integer(0), integer(1))
        axes = problem.batch[problem.num_scans :] or (once,)
        for axis in reversed(axes[1:]):
            body = [Scan(axis, tuple(body), span=problem.span)]
        return Scan(axes[0], tuple(body), span=problem.span, is_closed=True)

    # -------------------------------------------------------------- before a step

    def _starts(self) -> list[Stmt]:
        """The state at the start and its derivatives, and a first step."""
        problem, at = self.problem, (Var(self.problem.component.var),)
        start = problem.expr.start.value
        initial = problem.initial.element(at if problem.initial.axes else ())
        body: list[Stmt] = [problem.let(self.state, problem.over, initial)]
        for each in problem.directions:
            first = is_at(at, each.source.own) if each.number is None else ZERO
            body.append(problem.let(each.state, problem.along(each), first))
        body += self.method.begin(start)
        return [*body, problem.let(self.length, (), self._first_step())]

    def _first_step(self) -> Expr:
        """A fraction of the state's size by the size of its slope."""
        problem = self.problem
        state = Place(self.state).over(problem.over)
        slope = self.method.slope.over(problem.over)
        scale = problem.scale(apply("abs", state))
        sizes = [problem.norm(divide(x, scale)) for x in (state, slope)]
        ratio = apply("sqrt", divide(sizes[0], sizes[1]))
        tests = [apply("less", real(1e-10), size) for size in sizes]
        ratio = multiply(real(FIRST_STEP), ratio)
        return select(apply("and", *tests), ratio, real(1e-6))

    def _interval(self, values: str) -> list[Stmt]:
        """From one time of output to the next, and what is there."""
        problem, here = self.problem, Var(self.problem.time.var)
        is_first = apply("equal", here, integer(0))
        earlier = problem.output(apply("subtract", here, integer(1)))
        last = select(is_first, problem.expr.start.value, earlier)
        span = subtract(problem.output(here), last)
        state = Read(self.state, (Var(problem.component.var),))
        total = Reduce(Reduction.SUM, problem.component, state)
        # A chain that failed before need not try again.
        is_solved = apply("less", apply("abs", total), _INFINITY)
        arrived = apply("less_equal", Read(self.left), ZERO)
        body: list[Stmt] = [
            problem.let(self.left, (), select(is_solved, span, ZERO)),
            problem.let(self.least, (), multiply(real(LEAST_STEP), span)),
            self._steps(),
            problem.let(self.state, problem.over, select(arrived, state, _NAN)),
            problem.let(values, problem.over, state, *problem.plates, here),
        ]
        for each in problem.directions:
            axes = problem.along(each)
            value = Read(each.state, tuple(Var(axis.var) for axis in axes))
            body.append(problem.let(each.result, axes, value, *problem.plates, here))
        return body

    # ------------------------------------------------------------------- a step

    def _steps(self) -> Scan:
        problem = self.problem
        most = integer(problem.system.max_steps)
        axis = Axis(fresh_name("step", problem.taken), integer(0), most)
        body = tuple(self._iteration())
        return Scan(axis, body, span=problem.span, goes_on=self._goes_on())

    def _goes_on(self) -> Expr:
        is_left = apply("less", ZERO, Read(self.left))
        return apply("and", is_left, apply("less", Read(self.least), Read(self.length)))

    def _iteration(self) -> list[Stmt]:
        problem = self.problem
        live = problem.new("goes_on", (), self._goes_on())
        both = apply("minimum", Read(self.length), Read(self.left))
        attempt = problem.new("attempt", (), both)
        h = Read(attempt.array)
        time = subtract(problem.output(Var(problem.time.var)), Read(self.left))
        step = self.method.step(h, time)
        error = problem.new("error", (), step.error)
        factor = problem.new("factor", (), self._factor(Read(error.array)))
        holds = apply("less_equal", Read(error.array), ONE)
        accepts = apply("and", Read(live.array), holds)
        accepted = problem.new("accepted", (), accepts)
        body: list[Stmt] = [live, attempt, *step.body, error, factor, accepted]
        axes = self.method.carried
        body += [
            self._kept(Read(accepted.array), name, axes[name], new)
            for name, new in step.reached.items()
        ]
        return [*body, *self._next(h, Read(factor.array), live, accepted)]

    def _factor(self, error: Expr) -> Expr:
        """By how much the next step is longer: where the error is none, it is NaN."""
        exponent = real(-0.5 / self.method.order)
        wanted = apply("exp", multiply(exponent, apply("log", error)))
        wanted = multiply(real(SAFETY), wanted)
        wanted = apply("minimum", real(GREATEST_FACTOR), wanted)
        wanted = apply("maximum", real(LEAST_FACTOR), wanted)
        is_number = apply("less", error, _INFINITY)
        return select(is_number, wanted, real(LEAST_FACTOR))

    def _kept(
        self, accepts: Expr, array: str, axes: tuple[Axis, ...], new: Place
    ) -> Let:
        value = select(accepts, new.over(axes), Place(array).over(axes))
        return self.problem.let(array, axes, value)

    def _next(self, h: Expr, factor: Expr, live: Let, accepted: Let) -> list[Stmt]:
        """What is left, and the next step: no shorter for having met an output."""
        length, left = Read(self.length), Read(self.left)
        accepts = Read(accepted.array)
        tried = multiply(h, factor)
        is_cut = apply("and", accepts, apply("less", h, length))
        wanted = select(is_cut, apply("maximum", length, tried), tried)
        remaining = select(accepts, subtract(left, h), left)
        return [
            self.problem.let(self.length, (), select(Read(live.array), wanted, length)),
            self.problem.let(self.left, (), remaining),
        ]

    # --------------------------------------------------------------- afterwards

    def _solution(self, values: str) -> Stmt:
        """The values, with the derivatives that they have in each argument."""
        problem = self.problem
        axes = (*problem.batch[problem.num_scans :], problem.time, problem.component)
        place = problem.time, problem.component
        at = (*problem.plates, *(Var(axis.var) for axis in place))
        value: Expr = Read(values, at)
        for each in problem.directions:
            own = each.source.own
            slope = Read(each.result, (*at, *own))
            change: Expr = apply("tangent", slope, each.source.element(own))
            for axis in reversed(each.source.axes):
                change = Reduce(Reduction.SUM, axis, change)
            value = add(value, change)
        problem.declare_result()
        return problem.let(problem.name, place, value, *problem.plates, over=axes)
