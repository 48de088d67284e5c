"""The rules of expressions: built children in, nodes of the syntax tree out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from gml.diagnostics.diagnostic import Report
from gml.source import Source, Span
from gml.syntax import ast, messages
from gml.syntax.tokens import is_too_large

if TYPE_CHECKING:
    import lark

# Longer chains of one operator make trees that later stages cannot recurse over.
MAX_CHAIN = 200


@frozen
class ExpressionRules:
    """One method for each rule from `conditional` to `over_argument` of the grammar.

    A method gets the span of its rule and the built children: None where an optional
    part is absent, a plain `str` for an operator.
    """

    source: Source
    report: Report = field(factory=Report, kw_only=True)

    def leaf(self, token: lark.Token | None) -> ast.Identifier | str | None:
        """A token as a child: names become identifiers."""
        if token is None or token.type != "NAME":
            return token
        start = token.start_pos
        assert start is not None
        span = Span(self.source, start, start + len(token))
        return ast.Identifier(str(token), span=span)

    # ---------------------------------------------------------------------- operators

    def conditional(
        self, span: Span, condition: ast.Expr, then: ast.Expr, otherwise: ast.Expr
    ) -> ast.Conditional:
        return ast.Conditional(condition, then, otherwise, span=span)

    def _chain(self, span: Span, *parts: ast.Expr | str) -> ast.Expr:
        """`a + b - c` from its operands and operators, grouped from the left."""
        operands = [part for part in parts if not isinstance(part, str)]
        operators = [str(part) for part in parts if isinstance(part, str)]
        if len(operators) > MAX_CHAIN:
            self.report.add(messages.chain_too_long(span, operators[0], MAX_CHAIN))
            return operands[0]
        result = operands[0]
        for operator, operand in zip(operators, operands[1:], strict=True):
            both = result.span.to(operand.span)
            result = ast.Binary(operator, result, operand, span=both)
        return result

    disjunction = conjunction = sum = product = _chain

    def comparison(self, span: Span, *parts: ast.Expr | str) -> ast.Expr:
        if len(parts) > 3:
            self.report.add(messages.chained_comparison(span, parts))
        return self._chain(span, *parts[:3])

    def inversion(self, span: Span, operator: str, operand: ast.Expr) -> ast.Unary:
        return ast.Unary(str(operator), operand, span=span)

    negation = inversion

    def power(
        self, span: Span, base: ast.Expr, operator: str, exponent: ast.Expr
    ) -> ast.Binary:
        return ast.Binary(str(operator), base, exponent, span=span)

    def parenthesized(self, span: Span, inner: ast.Expr) -> ast.Expr:
        return evolve(inner, span=span)

    # --------------------------------------------------------------- calls and indices

    def call(
        self, span: Span, function: ast.Expr, arguments: tuple[ast.Argument, ...]
    ) -> ast.Call:
        return ast.Call(function, arguments, span=span)

    def arguments(
        self, span: Span, *arguments: ast.Argument
    ) -> tuple[ast.Argument, ...]:
        return arguments

    def argument(self, span: Span, value: ast.Expr) -> ast.Argument:
        return ast.Argument(value, span=span)

    def keyword_argument(
        self, span: Span, name: ast.Identifier, value: ast.Expr
    ) -> ast.Argument:
        return ast.Argument(value, keyword=name, span=span)

    def over_argument(
        self, span: Span, value: ast.Expr, *binders: ast.Binder
    ) -> ast.Argument:
        return ast.Argument(value, over=binders, span=span)

    def index(
        self, span: Span, base: ast.Expr, *subscripts: ast.Expr | ast.Slice
    ) -> ast.Index:
        return ast.Index(base, subscripts, span=span)

    def slice(
        self, span: Span, lower: ast.Expr | None, upper: ast.Expr | None
    ) -> ast.Slice:
        return ast.Slice(lower, upper, span=span)

    def attribute(
        self, span: Span, base: ast.Expr, name: ast.Identifier
    ) -> ast.Attribute:
        return ast.Attribute(base, name, span=span)

    # ---------------------------------------------------------------------- atoms

    def name(self, span: Span, name: ast.Identifier) -> ast.Name:
        return ast.Name(name.name, span=span)

    def number(self, span: Span, digits: str) -> ast.Number:
        value = float(digits)
        if math.isinf(value):
            self.report.add(messages.number_too_large(span))
        return ast.Number(value, span=span)

    def integer(self, span: Span, digits: str) -> ast.Integer:
        if is_too_large(digits):
            self.report.add(messages.integer_too_large(span))
            return ast.Integer(0, span=span)
        return ast.Integer(int(digits), span=span)

    def boolean(self, span: Span, word: str) -> ast.Boolean:
        return ast.Boolean(str(word) == "true", span=span)

    def string(self, span: Span, quoted: str) -> ast.String:
        return ast.String(str(quoted[1:-1]), span=span)

    def vector(self, span: Span, *elements: ast.Expr) -> ast.Vector:
        return ast.Vector(elements, span=span)
