"""The rules of declarations: built children in, nodes of the syntax tree out."""

from __future__ import annotations

from attrs import evolve, frozen

from gml.source import Span
from gml.syntax import ast
from gml.syntax.docs import BLANK, DocComments
from gml.syntax.rules_expressions import ExpressionRules


@frozen
class _Body:
    """What stands after the head of a function or member."""

    locals: tuple[ast.Define, ...]
    result: ast.Expr


@frozen
class ItemRules(ExpressionRules):
    """One method for each rule from `model` to `dims` of the grammar."""

    docs: DocComments

    def _doc(self, span: Span, role: ast.Role | None = None) -> str | None:
        """The doc comment above an item, which has to be the first of its line."""
        line, column = self.source.position(span.start)
        before = self.source.line(line)[: column - 1].strip(BLANK)
        is_first = before == (role.value if role is not None else "")
        return self.docs.above(line) if is_first else None

    # --------------------------------------------------------------- model and items

    def model(self, span: Span, *items: ast.Item) -> ast.Model:
        whole = Span(self.source, 0, len(self.source.text))
        return ast.Model(items, self.docs.of_model, span=whole)

    def dim_declaration(self, span: Span, *items: ast.DimItem) -> ast.DimDeclaration:
        first = evolve(items[0], doc=self._doc(span))
        return ast.DimDeclaration((first, *items[1:]), span=span)

    def dim_item(
        self, span: Span, name: ast.Identifier, size: ast.Integer | ast.Name | None
    ) -> ast.DimItem:
        return ast.DimItem(name, size, span=span)

    def ragged_dim_item(
        self, span: Span, name: ast.Identifier, parent: ast.Identifier
    ) -> ast.DimItem:
        return ast.DimItem(name, parent=parent, span=span)

    def data_declaration(
        self, span: Span, name: ast.Identifier, type_: ast.Type
    ) -> ast.DataDeclaration:
        return ast.DataDeclaration(name, type_, self._doc(span), span=span)

    def const_declaration(
        self,
        span: Span,
        name: ast.Identifier,
        type_: ast.Type | None,
        value: ast.Expr,
    ) -> ast.ConstDeclaration:
        return ast.ConstDeclaration(name, type_, value, self._doc(span), span=span)

    def sample(
        self,
        span: Span,
        decorators: tuple[ast.Decorator, ...],
        role: ast.Role | None,
        target: ast.Target,
        distribution: ast.Expr,
    ) -> ast.Sample:
        doc = self._site_doc(span, decorators, role, target)
        return ast.Sample(target, distribution, role, decorators, doc, span=span)

    def define(
        self,
        span: Span,
        decorators: tuple[ast.Decorator, ...],
        role: ast.Role | None,
        target: ast.Target,
        value: ast.Expr,
    ) -> ast.Define:
        doc = self._site_doc(span, decorators, role, target)
        return ast.Define(target, value, role, decorators, doc, span=span)

    def _site_doc(
        self,
        span: Span,
        decorators: tuple[ast.Decorator, ...],
        role: ast.Role | None,
        target: ast.Target,
    ) -> str | None:
        """The comment above the decorators, or between them and the name."""
        doc = self._doc(span)
        return self._doc(target.span, role) if doc is None and decorators else doc

    def decorators(
        self, span: Span, *decorators: ast.Decorator
    ) -> tuple[ast.Decorator, ...]:
        return decorators

    def decorator(
        self,
        span: Span,
        name: ast.Identifier,
        arguments: tuple[ast.Argument, ...] | None,
    ) -> ast.Decorator:
        return ast.Decorator(name, arguments or (), span=span)

    def role(self, span: Span, word: str) -> ast.Role:
        return ast.Role(str(word))

    def factor(self, span: Span, value: ast.Expr) -> ast.Factor:
        return ast.Factor(value, span=span)

    def for_loop(
        self,
        span: Span,
        variable: ast.Identifier,
        domain: ast.Name | ast.Slice,
        body: tuple[ast.Item, ...],
    ) -> ast.For:
        return ast.For(variable, domain, body, span=span)

    def block(self, span: Span, *items: ast.Item) -> tuple[ast.Item, ...]:
        return items

    # ------------------------------------------------------------ targets and binders

    def target(
        self,
        span: Span,
        name: ast.Identifier,
        binders: tuple[ast.Binder, ...] | None,
        type_: ast.Type | None,
    ) -> ast.Target:
        return ast.Target(name, binders or (), type_, span=span)

    def target_binders(
        self, span: Span, *binders: ast.Binder
    ) -> tuple[ast.Binder, ...]:
        return binders

    def integer_binder(self, span: Span, value: ast.Integer) -> ast.Binder:
        return ast.Binder(None, value, span=span)

    def range_binder(self, span: Span, domain: ast.Slice) -> ast.Binder:
        return ast.Binder(None, domain, span=span)

    def dim_binder(self, span: Span, name: ast.Identifier) -> ast.Binder:
        return ast.Binder(None, ast.Name(name.name, span=name.span), span=span)

    def ragged_binder(
        self, span: Span, name: ast.Identifier, parent: ast.Identifier
    ) -> ast.Binder:
        domain = ast.Name(name.name, span=name.span)
        return ast.Binder(None, domain, span=span, parent=parent)

    def named_binder(
        self, span: Span, variable: ast.Identifier, domain: ast.Name | ast.Slice
    ) -> ast.Binder:
        return ast.Binder(variable, domain, span=span)

    def range(self, span: Span, lower: ast.Expr, upper: ast.Expr) -> ast.Slice:
        return ast.Slice(lower, upper, span=span)

    # ---------------------------------------------------- functions and distributions

    def function_definition(
        self,
        span: Span,
        name: ast.Identifier,
        parameters: tuple[ast.Parameter, ...],
        returns: ast.Type | None,
        body: _Body,
    ) -> ast.FunctionDefinition:
        return ast.FunctionDefinition(
            name,
            parameters,
            returns,
            body.locals,
            body.result,
            self._doc(span),
            span=span,
        )

    def parameters(
        self, span: Span, *parameters: ast.Parameter
    ) -> tuple[ast.Parameter, ...]:
        return parameters

    def parameter(
        self,
        span: Span,
        name: ast.Identifier,
        type_: ast.Type | None,
        default: ast.Expr | None,
    ) -> ast.Parameter:
        return ast.Parameter(name, type_, default, span=span)

    def expression_body(self, span: Span, result: ast.Expr) -> _Body:
        return _Body((), result)

    def block_body(self, span: Span, *parts: ast.Define | ast.Expr) -> _Body:
        defines = tuple(part for part in parts if isinstance(part, ast.Define))
        result = parts[-1]
        assert not isinstance(result, ast.Define)
        return _Body(defines, result)

    def local_define(
        self, span: Span, target: ast.Target, value: ast.Expr
    ) -> ast.Define:
        return ast.Define(target, value, doc=self._doc(span), span=span)

    def dist_definition(
        self,
        span: Span,
        name: ast.Identifier,
        parameters: tuple[ast.Parameter, ...],
        support: ast.Type,
        members: tuple[ast.Member | ast.Reparam | ast.Check, ...],
    ) -> ast.DistDefinition:
        return ast.DistDefinition(
            name,
            parameters,
            support,
            tuple(part for part in members if isinstance(part, ast.Member)),
            tuple(part for part in members if isinstance(part, ast.Reparam)),
            tuple(part for part in members if isinstance(part, ast.Check)),
            self._doc(span),
            span=span,
        )

    def members(
        self, span: Span, *members: ast.Member | ast.Reparam | ast.Check
    ) -> tuple[ast.Member | ast.Reparam | ast.Check, ...]:
        return members

    def member(
        self,
        span: Span,
        name: ast.Identifier,
        parameters: tuple[ast.Parameter, ...] | None,
        body: _Body,
    ) -> ast.Member:
        return ast.Member(name, parameters or (), body.locals, body.result, span=span)

    def reparam(
        self,
        span: Span,
        name: ast.Identifier,
        variable: ast.Identifier,
        base: ast.Expr,
        result: ast.Expr,
    ) -> ast.Reparam:
        return ast.Reparam(name, variable, base, result, span=span)

    def check(self, span: Span, left: ast.Expr, right: ast.Expr) -> ast.Check:
        return ast.Check(left, right, span=span)

    # -------------------------------------------------------------------------- types

    def type(
        self,
        span: Span,
        name: ast.Identifier,
        arguments: tuple[ast.Identifier, ...] | None,
        bounds: tuple[ast.Bound, ...] | None,
        missing: str | None,
        dims: tuple[ast.Identifier, ...] | None,
    ) -> ast.Type:
        return ast.Type(
            name,
            arguments or (),
            bounds or (),
            missing is not None,
            dims or (),
            span=span,
        )

    def type_arguments(
        self, span: Span, *arguments: ast.Identifier
    ) -> tuple[ast.Identifier, ...]:
        return arguments

    def bounds(self, span: Span, *bounds: ast.Bound) -> tuple[ast.Bound, ...]:
        return bounds

    def bound(self, span: Span, name: ast.Identifier, value: ast.Expr) -> ast.Bound:
        return ast.Bound(name, value, span=span)

    def dims(self, span: Span, *dims: ast.Identifier) -> tuple[ast.Identifier, ...]:
        return dims
