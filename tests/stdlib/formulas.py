"""A second, naive reading of the standard library: its syntax trees, in NumPy.

It shares the parser with the compiler and nothing else, so that a wrong formula and
a wrong compiler do not look alike. Both branches of every `if` are computed, as the
compiled density computes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from scipy import special

from gml.source import Source
from gml.syntax import ast, parse

STDLIB = Path(__file__).resolve().parents[2] / "stdlib"

PRIMITIVES: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "floor": np.floor,
    "sin": np.sin,
    "tan": np.tan,
    "atan": np.arctan,
    "min": np.minimum,
    "max": np.maximum,
    "sigmoid": special.expit,
    "softplus": lambda x: np.logaddexp(0.0, x),
    "log_add_exp": np.logaddexp,
    "log1m_exp": lambda x: np.where(
        x > -0.7, np.log(-np.expm1(x)), np.log1p(-np.exp(x))
    )[()],
    "erf": special.erf,
    "erfc": special.erfc,
    "lgamma": special.gammaln,
    "int": np.int64,
}
REDUCTIONS = {"sum": np.sum, "max": np.max, "logsumexp": special.logsumexp}
OPERATORS = {
    "+": np.add,
    "-": np.subtract,
    "*": lambda a, b: np.multiply(a, b, dtype=float),
    "/": lambda a, b: np.divide(a, b, dtype=float),
    "^": lambda a, b: np.power(a, b, dtype=float),
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
}


@frozen
class Distribution:
    """A distribution applied to arguments."""

    definition: ast.DistDefinition
    arguments: Mapping[str, Any]
    library: Library

    def __call__(self, member: str, *values: Any) -> Any:
        """`normal(0, 1)("logpdf", 0.5)`; a member without parameters takes none."""
        for candidate in self.definition.members:
            if candidate.name.name == member:
                names = [parameter.name.name for parameter in candidate.parameters]
                scope = {**self.arguments, **dict(zip(names, values, strict=True))}
                with np.errstate(all="ignore"):
                    return self.library.body(candidate, scope)
        raise KeyError(member)

    @property
    def members(self) -> set[str]:
        return {member.name.name for member in self.definition.members}


class Library:
    """The definitions of stdlib/, by name; `size` is the shape of each random draw."""

    def __init__(self, seed: int = 0, size: int | None = None) -> None:
        self.random = np.random.default_rng(seed)
        self.size = size
        self.functions: dict[str, ast.FunctionDefinition] = {}
        self.distributions: dict[str, ast.DistDefinition] = {}
        for path in (*STDLIB.glob("*.gml"), *sorted(STDLIB.glob("dist/*.gml"))):
            for item in parse(Source(path.name, path.read_text("utf-8"))).items:
                if isinstance(item, ast.FunctionDefinition):
                    self.functions[item.name.name] = item
                elif isinstance(item, ast.DistDefinition):
                    self.distributions[item.name.name] = item

    def apply(self, name: str, *arguments: Any) -> Distribution:
        definition = self.distributions[name]
        names = [parameter.name.name for parameter in definition.parameters]
        scope = dict(zip(names, arguments, strict=True))
        for parameter, argument in zip(definition.parameters, arguments, strict=True):
            dims = parameter.type.dims if parameter.type else ()
            lengths = np.shape(argument)[-len(dims) :] if dims else ()
            scope |= {d.name: n for d, n in zip(dims, lengths, strict=False)}
        return Distribution(definition, scope, self)

    def body(
        self, definition: ast.FunctionDefinition | ast.Member, scope: dict[str, Any]
    ) -> Any:
        scope = dict(scope)
        for local in definition.locals:
            scope[local.target.name.name] = self.value(local.value, scope)
        return self.value(definition.result, scope)

    def value(self, expr: ast.Expr, scope: Mapping[str, Any]) -> Any:
        match expr:
            case ast.Name(name):
                return scope[name]
            case ast.Number(value) | ast.Boolean(value):
                return value
            case ast.Integer(value):
                return np.int64(value)
            case ast.Vector(elements):
                return np.array([self.value(e, scope) for e in elements])
            case ast.Unary("-", operand):
                return np.negative(self.value(operand, scope))
            case ast.Unary("not", operand):
                return np.logical_not(self.value(operand, scope))
            case ast.Binary(operator, left, right):
                values = self.value(left, scope), self.value(right, scope)
                return OPERATORS[operator](*values)
            case ast.Conditional(condition, then, otherwise):
                values = self.value(then, scope), self.value(otherwise, scope)
                return np.where(self.value(condition, scope), *values)[()]
            case ast.Index(base, (subscript,)):
                return self.value(base, scope)[self.value(subscript, scope)]
            case ast.Attribute(base, name):
                return self.value(base, scope)(name.name)
            case ast.Call(ast.Attribute(base, name), arguments):
                values = [self.value(a.value, scope) for a in arguments]
                return self.value(base, scope)(name.name, *values)
            case ast.Call(ast.Name(name), arguments):
                return self.call(name, arguments, scope)
        raise NotImplementedError(type(expr).__name__)

    def call(
        self, name: str, arguments: tuple[ast.Argument, ...], scope: Mapping[str, Any]
    ) -> Any:
        if arguments and arguments[-1].over and arguments[-1].over[0].variable:
            return self.fold(name, arguments[-1], scope)
        values = [self.value(argument.value, scope) for argument in arguments]
        if name == "size":
            return values[0]
        if name.startswith("draw_"):
            return self.draw(name.removeprefix("draw_"), values)
        if arguments and arguments[-1].over:
            return REDUCTIONS[name](*values)
        if name in self.distributions:
            return self.apply(name, *values)
        if name in self.functions:
            function = self.functions[name]
            names = [parameter.name.name for parameter in function.parameters]
            return self.body(function, dict(zip(names, values, strict=True)))
        return PRIMITIVES[name](*values)

    def fold(self, name: str, argument: ast.Argument, scope: Mapping[str, Any]) -> Any:
        """`sum(f(k) over k: 0..50)`."""
        (binder,) = argument.over
        assert binder.variable is not None
        start, stop = 0, 0
        if isinstance(binder.domain, ast.Slice):
            ends = (binder.domain.lower, binder.domain.upper)
            start, stop = (self.value(e, scope) for e in ends if e is not None)
        else:
            stop = self.value(binder.domain, scope)
        own = binder.variable.name
        terms = [
            self.value(argument.value, {**scope, own: k}) for k in range(start, stop)
        ]
        return REDUCTIONS[name](np.array(terms), axis=0)

    def draw(self, name: str, values: Sequence[Any]) -> Any:
        if name == "index":
            weights = values[0] / np.sum(values[0])
            return self.random.choice(len(weights), self.size, p=weights)
        if name == "von_mises":
            return self.random.vonmises(0.0, *values, size=self.size)
        method = getattr(self.random, f"standard_{name}", None)
        return (method or getattr(self.random, name))(*values, size=self.size)
