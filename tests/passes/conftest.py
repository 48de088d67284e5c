"""Densities written as text, for tests of passes."""

import ast
import re

import numpy as np
import pytest

from gml.backend.reference.posterior import ReferencePosterior
from gml.ir.build import integer, real
from gml.ir.nodes import (
    Add,
    Apply,
    Array,
    Axis,
    Const,
    Density,
    Dim,
    Let,
    Read,
    Reduce,
    Reduction,
    Scalar,
    Scan,
    Site,
    Size,
    Storage,
    Term,
    TermKind,
    Var,
)
from gml.ir.verify import verify
from gml.passes.differentiate import differentiate
from gml.passes.name_reductions import name_reductions

_OPERATORS = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
    ast.USub: "negate",
    ast.Not: "not",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
    ast.And: "and",
    ast.Or: "or",
}
_REDUCTIONS = {kind.value: kind for kind in Reduction}
_DECLARATION = re.compile(r"(\w+) (?:(int|bool) )?(\w+)(?:\[(.*)\])?")


class _Text:
    """Python's expression syntax, with `sum(k in K, e)` and `t in range(a, b)`."""

    def __init__(self, names):
        self.names = names

    def expr(self, text):
        return self.node(ast.parse(text.strip(), mode="eval").body)

    def node(self, node):
        match node:
            case ast.Constant(value=bool() as value):
                return Const(value, Scalar.BOOL)
            case ast.Constant(value=int() as value):
                return integer(value)
            case ast.Constant(value=value):
                return real(value)
            case ast.Name(id=name):
                return Read(name) if name in self.names else Var(name)
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                items = index.elts if isinstance(index, ast.Tuple) else [index]
                return Read(name, tuple(map(self.node, items)))
            case ast.BinOp(left=left, op=op, right=right):
                return self.apply(op, left, right)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)):
                return self.node(ast.Constant(-value))
            case ast.UnaryOp(op=op, operand=operand):
                return self.apply(op, operand)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.apply(op, left, right)
            case ast.BoolOp(op=op, values=[left, right]):
                return self.apply(op, left, right)
            case ast.Call(func=ast.Name(id="size"), args=[ast.Name(id=dim)]):
                return Size(dim)
            case ast.Call(func=ast.Name(id=name), args=[axis, body]) if (
                name in _REDUCTIONS
            ):
                return Reduce(_REDUCTIONS[name], self.axis(axis), self.node(body))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return Apply(name, tuple(map(self.node, arguments)))
        raise ValueError(ast.dump(node))

    def apply(self, op, *operands):
        return Apply(_OPERATORS[type(op)], tuple(map(self.node, operands)))

    def axis(self, node):
        match node.comparators[0]:
            case ast.Name(id=dim):
                return Axis.over(node.left.id, dim)
            case ast.Call(args=[lower, upper]):
                return Axis(node.left.id, self.node(lower), self.node(upper))

    def axes(self, text):
        items = ast.parse(f"[{text}]", mode="eval").body.elts
        return tuple(map(self.axis, items))

    def statements(self, lines):
        result = []
        for line in lines:
            if line == "}":
                break
            result.append(self.statement(line, lines))
        return tuple(result)

    def statement(self, line, lines):
        word, rest = line.split(" ", 1)
        if word == "scan":
            reverse = "reversed" in rest
            axis = self.axes(rest.removesuffix("{").replace("reversed", ""))[0]
            return Scan(axis, self.statements(lines), reverse)
        rest, _, axes = rest.partition(" over ")
        target, value = rest.split(" += " if word == "add" else " = ", 1)
        element = self.expr(target)
        common = element.array, element.indices, self.axes(axes), self.expr(value)
        if word == "let":
            return Let(*common)
        term = Term(TermKind.LIKELIHOOD, "y") if element.array == "score" else None
        return Add(*common, term)


def _program(text, names):
    # A statement goes on to the next line that begins with one of these words.
    lines = re.split(r"\n\s*(?=let |add |scan |\})", text.strip())
    joined = (" ".join(line.split()) for line in lines)
    return _Text(names).statements(line for line in joined if line)


def parse_density(declarations, body, host=""):
    arrays = [Array("score", Scalar.REAL, (), Storage.ADJOINT)]
    for declaration in declarations.split(";"):
        storage, scalar, name, shape = _DECLARATION.match(declaration.strip()).groups()
        extents = [e.strip() for e in shape.split(",")] if shape else []
        dims = tuple(
            integer(int(e)) if e.isdigit() else Size(e.strip()) for e in extents
        )
        arrays.append(Array(name, Scalar(scalar or "real"), dims, Storage(storage)))
    names = {array.name for array in arrays}
    positions = [a for a in arrays if a.storage is Storage.POSITION]
    dims = sorted({e.dim for a in arrays for e in a.shape if isinstance(e, Size)})
    density = Density(
        name="m",
        dims=tuple(map(Dim, dims)),
        arrays=tuple(arrays),
        sites=tuple(Site(a.name, a.name, a.name, a.shape) for a in positions),
        host=_program(host, names),
        body=_program(body, names),
    )
    verify(density)
    return density


@pytest.fixture
def density_of():
    return parse_density


def central_differences(posterior, position, step=1e-5):
    """Fourth order: the error is of the order of 1e-10 for functions of scale one."""
    ndim = len(position)
    shifts = step * np.eye(ndim)
    at = [posterior.score(position[:, None] + k * shifts) for k in (-2, -1, 1, 2)]
    return (at[0] - 8 * at[1] + 8 * at[2] - at[3]) / (12 * step)


@pytest.fixture
def check_gradient():
    """Compare a density's gradient with differences, at one position and at several."""

    def check(density, sizes, data=None, position=None, rtol=1e-7, atol=1e-8):
        density = name_reductions(density)
        verify(density)
        density = differentiate(density)
        verify(density)
        posterior = ReferencePosterior(density, sizes, data or {})
        if position is None:
            position = np.random.default_rng(3).normal(size=posterior.ndim)
        position = np.asarray(position, np.float64)
        score, gradient = posterior.score_and_grad(position)
        np.testing.assert_array_equal(score, posterior.score(position))
        expected = central_differences(posterior, position)
        np.testing.assert_allclose(gradient, expected, rtol=rtol, atol=atol)
        both = np.stack([position, position], axis=1)
        np.testing.assert_array_equal(posterior.score_and_grad(both)[1][:, 1], gradient)
        return density

    return check
