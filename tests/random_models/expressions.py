"""Random expressions of the language that are differentiable almost everywhere.

Every function here is total, and most are bounded, so that a program of them has a
finite score at ordinary positions and no sum of random numbers runs away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import evolve, field, frozen
from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]


@frozen
class Variable:
    """A name that expressions may read; `kind` is real, positive, unit or bool."""

    name: str
    dims: tuple[str, ...] = ()
    kind: str = "real"
    is_latent: bool = True


@frozen
class Function:
    """A function that the program defines: two reals to one."""

    name: str


# How an element of a dim is chosen where another dim's variable is in scope.
GATHERS = {("G", "N"): "g[{}]", ("K", "N"): "kind[{}]"}


@frozen
class Scope:
    """What an expression may read: variables, and the index variables in scope."""

    variables: tuple[Variable, ...]
    functions: tuple[Function, ...] = ()
    indices: dict[str, str] = field(factory=dict)  # dim -> index variable
    dims: tuple[str, ...] = ("G", "K", "P")  # that may be folded over

    def over(self, dim: str, variable: str) -> Scope:
        return evolve(self, indices={**self.indices, dim: variable})

    def with_variable(self, *variables: Variable) -> Scope:
        return evolve(self, variables=self.variables + variables)

    def subscripts(self, dim: str) -> list[str]:
        """The ways to say an element of a dim."""
        found = [self.indices[dim]] if dim in self.indices else []
        for (target, source), text in GATHERS.items():
            if target == dim and source in self.indices:
                found.append(text.format(self.indices[source]))
        return found or ["0"]

    def reads(self, *kinds: str) -> list[str]:
        """Elements of the variables of some kinds; those of parameters count twice."""
        found = []
        for variable in self.variables:
            if variable.kind not in kinds:
                continue
            texts = [variable.name]
            if variable.dims:
                parts = [self.subscripts(dim) for dim in variable.dims]
                texts = [f"{variable.name}[{', '.join(p)}]" for p in _products(parts)]
            found += texts * (2 if variable.is_latent else 1)
        return found


def _products(parts: list[list[str]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [()]
    for part in parts:
        rows = [(*row, item) for row in rows for item in part]
    return rows


UNARY = (
    "tanh({})",
    "sin({})",
    "cos({})",
    "atan({})",
    "sigmoid({})",
    "softplus({})",
    "erf({})",
    "erfc({})",
    "normal_cdf({})",
    "log_sigmoid({})",
    "-({})",
    "abs({})",
    "square({})",
    "({})^2",
    "({})^3 / 10",
    "exp(tanh({}))",
    "expm1(tanh({}))",
    "exp(-square({}))",
    "log1p(square({}))",
    "log(0.5 + square({}))",
    "sqrt(1 + square({}))",
    "tan(0.7 * tanh({}))",
    "lgamma(0.3 + softplus({}))",
    "digamma(1 + square({}))",
    "log1m_exp(-0.1 - softplus({}))",
    "logit(0.05 + 0.9 * sigmoid({}))",
    "log1m(0.9 * sigmoid({}))",
    "1 / (1 + square({}))",
    "normal({}, 1.5).logpdf(0.5)",
)
BINARY = (
    "({} + {})",
    "({} + {})",
    "({} - {})",
    "({} - {})",
    "{} * {}",
    "{} * {}",
    "({}) / (1 + square({}))",
    "({}) / (0.3 + abs({}))",
    "min({}, {})",
    "max({}, {})",
    "log_add_exp({}, {})",
    "(0.1 + softplus({}))^tanh({})",
    "lbeta(0.2 + softplus({}), 0.3 + softplus({}))",
    "xlogy({}, 0.2 + square({}))",
    "normal({}, 0.7).logpdf({})",
    "student_t(3, {}, 1.2).logpdf({})",
)
REDUCTIONS = ("sum", "mean", "logsumexp", "max", "min", "prod", "variance")
POSITIVE = (
    "(0.1 + softplus({}))",
    "exp(tanh({}))",
    "sqrt(0.25 + square({}))",
    "(0.2 + abs({}))",
    "(0.05 + sigmoid({}))",
)
UNIT = ("sigmoid({})", "sigmoid(2 * tanh({}))")
NUMBERS = ("0.5", "-1.5", "2", "0.1", "3.25")


def real(draw: Draw, scope: Scope, depth: int) -> str:
    """A real expression of at most this depth."""
    if depth == 0:
        return leaf(draw, scope)
    forms = ["leaf", "unary", "binary", "binary", "condition", "reduction"]
    forms += ["call"] if scope.functions else []
    match draw(st.sampled_from(forms)):
        case "leaf":
            return leaf(draw, scope)
        case "unary":
            form = draw(st.sampled_from(UNARY))
            return form.format(real(draw, scope, depth - 1))
        case "binary":
            form = draw(st.sampled_from(BINARY))
            return form.format(
                real(draw, scope, depth - 1), real(draw, scope, depth - 1)
            )
        case "call":
            function = draw(st.sampled_from(scope.functions))
            left, right = (real(draw, scope, depth - 1) for _ in range(2))
            return f"{function.name}({left}, {right})"
        case "condition":
            then, otherwise = (real(draw, scope, depth - 1) for _ in range(2))
            return f"(if {test(draw, scope, depth - 1)} then {then} else {otherwise})"
        case _:
            return reduction(draw, scope, depth)


def leaf(draw: Draw, scope: Scope) -> str:
    reads = scope.reads("real", "positive", "unit")
    return draw(st.sampled_from([*reads, *NUMBERS]))


def test(draw: Draw, scope: Scope, depth: int) -> str:
    """A condition."""
    left, right = real(draw, scope, depth), leaf(draw, scope)
    compared = f"{left} < {right}"
    known = scope.reads("bool")
    if not known or draw(st.booleans()):
        return compared
    word = draw(st.sampled_from(["and", "or", "and not"]))
    return f"{compared} {word} {draw(st.sampled_from(known))}"


def reduction(draw: Draw, scope: Scope, depth: int) -> str:
    """A fold over a dim that is not in scope, or one that is, with a variable more."""
    free = [dim for dim in scope.dims if dim not in scope.indices]
    if not free:
        return leaf(draw, scope)
    dim = draw(st.sampled_from(free))
    variable = f"i{dim.lower()}"
    inner = scope.over(dim, variable)
    name = draw(st.sampled_from(REDUCTIONS))
    if name == "variance" and dim != "K":  # of one element there is none
        name = "mean"
    body = real(draw, inner, depth - 1)
    if name == "prod":
        body = f"tanh({body})"
    return f"{name}({body} over {variable}: {dim})"


def positive(draw: Draw, scope: Scope, depth: int) -> str:
    """An expression that the checker knows to be positive."""
    reads = scope.reads("positive")
    match draw(st.sampled_from(["number", "form", *(["read"] if reads else [])])):
        case "number":
            return draw(st.sampled_from(["0.5", "1", "2.5"]))
        case "read":
            return draw(st.sampled_from(reads))
        case _:
            form = draw(st.sampled_from(POSITIVE))
            return form.format(real(draw, scope, depth))


def unit(draw: Draw, scope: Scope, depth: int) -> str:
    """An expression between 0 and 1."""
    reads = scope.reads("unit")
    if reads and draw(st.booleans()):
        return draw(st.sampled_from(reads))
    return draw(st.sampled_from(UNIT)).format(real(draw, scope, depth))
