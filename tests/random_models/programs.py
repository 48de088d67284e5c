"""Random models that always check, with data that fit them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from attrs import define, field, frozen
from hypothesis import strategies as st

from .expressions import (
    Draw,
    Function,
    Scope,
    Variable,
    positive,
    real,
    unit,
)


@frozen
class Program:
    """The text of a model, and its data."""

    text: str
    data: dict[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return self.text


# Data that a program may read, by name: its type, and its values given sizes.
TYPES = {
    "x": "real[N]",
    "X": "real[N, P]",
    "se": "real<lower=0>[N]",
    "size": "real<lower=0>[G]",
    "is_high": "bool[N]",
    "g": "index(G)[N]",
    "kind": "index(K)[N]",
    "w": "real[T]",
}
KNOWN = (
    Variable("x", ("N",), is_latent=False),
    Variable("X", ("N", "P"), is_latent=False),
    Variable("se", ("N",), "positive", is_latent=False),
    Variable("size", ("G",), "positive", is_latent=False),
    Variable("is_high", ("N",), "bool", is_latent=False),
    Variable("w", ("T",), is_latent=False),
)
OBSERVED = {
    "y": "real[N]",
    "v": "real[T]",
    "count": "int<lower=0>[N]",
    "trials": "int<lower=0>[N]",
    "hits": "int<lower=0>[N]",
    "is_true": "bool[N]",
    "choice": "index(K)[N]",
}


def values(sizes: dict[str, int], seed: int) -> dict[str, Any]:
    """Of all the data."""
    rng = np.random.default_rng(seed)
    N, T = sizes["N"], sizes["T"]
    trials = rng.integers(1, 12, N)
    return {
        "x": rng.normal(size=N),
        "X": rng.normal(size=(N, sizes["P"])),
        "se": 0.5 + rng.random(N),
        "size": 0.5 + rng.random(sizes["G"]),
        "is_high": rng.random(N) < 0.5,
        "g": rng.integers(0, sizes["G"], N),
        "kind": rng.integers(0, sizes["K"], N),
        "w": rng.normal(size=T),
        "y": rng.normal(size=N),
        "v": rng.normal(size=T),
        "count": rng.poisson(3.0, N),
        "trials": trials,
        "hits": rng.binomial(trials, 0.4),
        "is_true": rng.random(N) < 0.5,
        "choice": rng.integers(0, sizes["K"], N),
    }


@define
class Writer:
    """A program as it grows: its lines, and what may be read so far."""

    draw: Draw
    scope: Scope = field(factory=lambda: Scope(KNOWN))
    lines: list[str] = field(factory=list)
    num_names: int = 0

    def name(self, letter: str) -> str:
        self.num_names += 1
        return f"{letter}{self.num_names}"

    def pick(self, *options: str) -> str:
        chosen: str = self.draw(st.sampled_from(options))
        return chosen

    def real(self, scope: Scope | None = None, depth: int = 1) -> str:
        return real(self.draw, scope or self.scope, depth)

    def positive(self, scope: Scope | None = None, depth: int = 1) -> str:
        return positive(self.draw, scope or self.scope, depth)

    def unit(self, scope: Scope | None = None, depth: int = 1) -> str:
        return unit(self.draw, scope or self.scope, depth)

    def add(self, *variables: Variable) -> None:
        self.scope = self.scope.with_variable(*variables)

    # ---------------------------------------------------------------- functions

    def function(self) -> None:
        name = self.name("f")
        inner = Scope((Variable("s"), Variable("t")), self.scope.functions, dims=())
        if self.draw(st.booleans()):
            self.lines.append(
                f"fn {name}(s: real, t: real) -> real = {self.real(inner, 2)}"
            )
        else:
            first = self.real(inner, 1)
            last = self.real(inner.with_variable(Variable("r")), 2)
            self.lines.append(
                f"fn {name}(s: real, t: real) -> real {{\n  r = {first}\n"
                f"  return {last}\n}}"
            )
        self.scope = Scope(
            self.scope.variables, (*self.scope.functions, Function(name))
        )

    # --------------------------------------------------------------- parameters

    def parameter(self) -> None:
        forms = [
            self.scalar,
            self.positive_scalar,
            self.bounded,
            self.vector,
            self.matrix,
            self.ordered,
            self.proportions,
            self.latent_recurrence,
        ]
        forms[self.draw(st.integers(0, len(forms) - 1))]()

    def scalar(self) -> None:
        name = self.name("a")
        self.lines.append(f"param {name} ~ {self.line_distribution(self.scope)}")
        self.add(Variable(name))

    def line_distribution(self, scope: Scope) -> str:
        """A distribution on the whole line."""
        location, scale = self.real(scope), self.positive(scope)
        family = self.pick("normal", "student_t", "cauchy", "laplace", "logistic")
        degrees = f"{self.positive(scope)}, " if family == "student_t" else ""
        return f"{family}({degrees}{location}, {scale})"

    def positive_distribution(self, scope: Scope) -> str:
        one, two = self.positive(scope), self.positive(scope)
        return self.pick(
            f"half_normal({one})",
            f"half_cauchy({one})",
            f"half_student_t({two}, {one})",
            f"exponential({one})",
            f"gamma({one}, {two})",
            f"inv_gamma({one}, {two})",
            f"weibull({one}, {two})",
            f"lognormal({self.real(scope)}, {one})",
        )

    def positive_scalar(self) -> None:
        name = self.name("b")
        self.lines.append(f"param {name} ~ {self.positive_distribution(self.scope)}")
        self.add(Variable(name, kind="positive"))

    def bounded(self) -> None:
        name, other = self.name("c"), self.real(depth=0)
        bounds, kind = self.draw(
            st.sampled_from(
                [
                    ("lower=0", "positive"),
                    (f"lower={other}", "real"),
                    (f"upper={other}", "real"),
                    (f"lower={other}, upper={other} + 2.5", "real"),
                    ("lower=0, upper=1", "unit"),
                    ("lower=-1, upper=0.5", "real"),
                ]
            )
        )
        prior = self.pick(f"normal({self.real()}, {self.positive()})", "flat()")
        if "upper" in bounds and "lower" in bounds and self.draw(st.booleans()):
            prior = "flat()"
        self.lines.append(f"param {name}: real<{bounds}> ~ {prior}")
        self.add(Variable(name, kind=kind))

    def vector(self) -> None:
        name, dim = self.name("d"), self.pick("G", "P", "K")
        inner = self.scope.over(dim, "j")
        shape = self.pick("line", "line", "positive", "unit", "noncentered")
        if shape == "noncentered":
            self.lines.append("@noncentered")
            prior = f"normal({self.real(inner)}, {self.positive(inner)})"
        elif shape == "positive":
            prior = self.positive_distribution(inner)
        elif shape == "unit":
            prior = f"beta({self.positive(inner)}, {self.positive(inner)})"
        else:
            prior = self.line_distribution(inner)
        self.lines.append(f"param {name}[j: {dim}] ~ {prior}")
        kind = shape if shape in ("positive", "unit") else "real"
        self.add(Variable(name, (dim,), kind))

    def matrix(self) -> None:
        name = self.name("e")
        inner = self.scope.over("G", "j").over("P", "p")
        prior = f"normal({self.real(inner)}, {self.positive(inner)})"
        self.lines.append(f"param {name}[j: G, p: P] ~ {prior}")
        self.add(Variable(name, ("G", "P")))

    def ordered(self) -> None:
        name = self.name("o")
        if self.draw(st.booleans()):
            self.lines.append(
                f"param {name}: ordered[K] ~ normal(0, {self.positive()})"
            )
            self.add(Variable(name, ("K",)))
        else:
            prior = f"gamma({self.positive()}, 1.5)"
            self.lines.append(f"param {name}: positive_ordered[K] ~ {prior}")
            self.add(Variable(name, ("K",), "positive"))

    def proportions(self) -> None:
        name = self.name("q")
        self.lines.append(f"param {name} ~ dirichlet(rep({self.positive(depth=0)}, K))")
        self.add(Variable(name, ("K",), "unit"))

    def latent_recurrence(self) -> None:
        name = self.name("h")
        self.lines.append(f"param {name}[0] ~ normal({self.real()}, {self.positive()})")
        inner = self.scope.over("T", "t")
        step = inner.with_variable(Variable(f"{name}[t - 1]"))
        decorator = self.pick("", "  @noncentered\n")
        prior = f"normal(tanh({self.real(step)}), {self.positive(inner, 0)})"
        self.lines.append(
            f"for t in 1..T {{\n{decorator}  param {name}[t] ~ {prior}\n}}"
        )
        self.add(Variable(name, ("T",)))

    # -------------------------------------------------------------- definitions

    def definition(self) -> None:
        forms = [self.number, self.plate, self.recurrence, self.contraction]
        forms[self.draw(st.integers(0, len(forms) - 1))]()

    def number(self) -> None:
        name = self.name("m")
        self.lines.append(f"{name} = {self.real(depth=2)}")
        self.add(Variable(name))

    def plate(self) -> None:
        name, dim = self.name("l"), self.pick("N", "G", "K")
        value = self.real(self.scope.over(dim, "n"), 2)
        text = self.pick(
            f"{name}[n: {dim}] = {value}",
            f"for n in {dim} {{\n  {name}[n] = {value}\n}}",
        )
        self.lines.append(text)
        self.add(Variable(name, (dim,)))

    def recurrence(self) -> None:
        name = self.name("r")
        self.lines.append(f"{name}[0] = {self.real()}")
        inner = self.scope.over("T", "t").with_variable(Variable(f"{name}[t - 1]"))
        value = self.pick("tanh({})", "0.5 * sin({})", "log1p(square({}))")
        value = value.format(self.real(inner, 2))
        self.lines.append(f"for t in 1..T {{\n  {name}[t] = {value}\n}}")
        self.add(Variable(name, ("T",)))

    def contraction(self) -> None:
        vectors = [v.name for v in self.scope.variables if v.dims == ("P",)]
        if not vectors:
            self.number()
            return
        name = self.name("k")
        offset = self.real(depth=0)
        self.lines.append(f"{name} = {offset} + X @ {self.pick(*vectors)}")
        self.add(Variable(name, ("N",)))

    # ------------------------------------------------------------- observations

    def observation(self, of: str) -> None:
        n, t = self.scope.over("N", "n"), self.scope.over("T", "t")
        forms = {
            "y": lambda: f"y[n: N] ~ {self.line_distribution(n)}",
            "v": lambda: f"v[t: T] ~ {self.line_distribution(t)}",
            "count": lambda: f"count[n: N] ~ {self.count_distribution(n)}",
            "hits": lambda: f"hits[n: N] ~ {self.hit_distribution(n)}",
            "is_true": lambda: self.pick(
                f"is_true[n: N] ~ bernoulli_logit({self.real(n, 2)})",
                f"is_true[n: N] ~ bernoulli({self.unit(n)})",
            ),
            "choice": self.choice,
            "factor": lambda: f"factor {self.real(depth=2)}",
            "factors": lambda: f"for n in N {{ factor -square({self.real(n, 2)}) }}",
            "mixture": self.mixture,
        }
        self.lines.append(forms[of]())

    def count_distribution(self, scope: Scope) -> str:
        rate = self.positive(scope, 2)
        log_rate = f"2 * tanh({self.real(scope, 2)})"
        shape = self.positive(scope, 0)
        return self.pick(
            f"poisson({rate})",
            f"poisson_log({log_rate})",
            f"neg_binomial_2({rate}, {shape})",
            f"neg_binomial_2_log({log_rate}, {shape})",
            f"geometric({self.unit(scope)})",
        )

    def hit_distribution(self, scope: Scope) -> str:
        return self.pick(
            f"binomial(trials[n], {self.unit(scope)})",
            f"binomial_logit(trials[n], {self.real(scope, 2)})",
        )

    def choice(self) -> str:
        shares = [
            v.name for v in self.scope.variables if v.name.startswith("q") and v.dims
        ]
        if shares and self.draw(st.booleans()):
            return f"choice[n: N] ~ categorical({self.pick(*shares)})"
        logits = [
            v.name for v in self.scope.variables if v.dims == ("K",) and v.is_latent
        ]
        if not logits:
            return f"factor {self.real(depth=2)}"
        x = self.pick("x[n]", "1.5")
        return f"choice[n: N] ~ categorical_logit({self.pick(*logits)} * {x})"

    def mixture(self) -> str:
        inner = self.scope.over("N", "n").over("K", "k")
        weight, scale = self.real(inner), self.positive(inner, 0)
        density = f"normal({self.real(inner)}, {scale}).logpdf(y[n])"
        return f"for n in N {{ factor logsumexp({weight} + {density} over k: K) }}"


DIMS = ("N", "G", "P", "K", "T")


FORMS = ("y", "v", "count", "hits", "is_true", "choice", "factor", "factors", "mixture")


@st.composite
def programs(draw: Draw, most: int = 4) -> Program:
    """Any program of at most so many parameters, and as many lines of other kinds."""
    writer = Writer(draw)
    for _ in range(draw(st.integers(0, most // 2))):
        writer.function()
    for _ in range(draw(st.integers(1, most))):
        writer.parameter()
        if draw(st.booleans()):
            writer.definition()
    forms = st.lists(st.sampled_from(FORMS), min_size=1, max_size=most, unique=True)
    for form in draw(forms):
        writer.observation(form)
    body = "\n".join(writer.lines)
    sizes = {dim: draw(st.integers(1, 4)) for dim in DIMS}
    sizes["K"], sizes["T"] = max(sizes["K"], 2), max(sizes["T"], 2)
    return _with_declarations(body, sizes, draw(st.integers(0, 5)))


def _with_declarations(body: str, sizes: dict[str, int], seed: int) -> Program:
    used = set(re.findall(r"\w+", body))
    types = {name: t for name, t in (TYPES | OBSERVED).items() if name in used}
    lines = [f"dim {', '.join(DIMS)}"]
    lines += [f"data {name}: {kind}" for name, kind in types.items()]
    given = {n: v for n, v in values(sizes, seed).items() if n in types}
    return Program("\n".join([*lines, body, ""]), given | sizes)
