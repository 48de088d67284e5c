"""The names in some items: where each stands, and which of them are one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import assert_never

import attrs
from attrs import define, field, frozen

from gml.source import Span
from gml.syntax import ast


class Kind(Enum):
    """What a name stands for at its place."""

    DIM = "dim"
    VALUE = "value"
    CALLABLE = "callable"
    TYPE = "type"
    MEMBER = "member"
    KEYWORD = "keyword"
    DECORATOR = "decorator"


_NAMESPACES = {Kind.DIM: "value", Kind.VALUE: "value", Kind.CALLABLE: "callable"}


@frozen
class Key:
    """What two occurrences of one thing have in common.

    `scope` is None for a name of the whole model; otherwise where in its piece the
    name is introduced. `owner` is the function or distribution of a keyword or member.
    """

    namespace: str
    name: str
    scope: int | None = None
    owner: str | None = None


@frozen
class Occurrence:
    """A name at a place of a piece."""

    start: int
    end: int
    kind: Kind
    key: Key
    is_definition: bool = False
    detail: str = ""
    """Of the definition of a local name: what it is."""

    @property
    def name(self) -> str:
        return self.key.name


Locals = Mapping[str, int]


def read_names(items: tuple[ast.Item, ...]) -> tuple[Occurrence, ...]:
    """Every name in the items, in the order of the text."""
    reader = _Reader()
    for item in items:
        reader.item(item, {})
    return tuple(sorted(reader.found, key=lambda one: one.start))


@define
class _Reader:
    found: list[Occurrence] = field(factory=list)

    def _add(
        self,
        node: ast.Identifier | ast.Name,
        kind: Kind,
        known: Locals,
        *,
        defines: bool = False,
        owner: str | None = None,
        detail: str = "",
    ) -> None:
        namespace = _NAMESPACES.get(kind, kind.value)
        scope = known.get(node.name) if namespace == "value" else None
        key = Key(namespace, node.name, scope, owner)
        start, end = node.span.start, node.span.end
        self.found.append(Occurrence(start, end, kind, key, defines, detail))

    def _introduce(
        self, node: ast.Identifier, known: Locals, kind: Kind, detail: str
    ) -> Locals:
        """A name that is visible in a part of the model alone."""
        inner = {**known, node.name: node.span.start}
        self._add(node, kind, inner, defines=True, detail=detail)
        return inner

    # ------------------------------------------------------------------- items

    def item(self, item: ast.Item, known: Locals) -> None:
        match item:
            case ast.DimDeclaration(items=items):
                for dim in items:
                    self._add(dim.name, Kind.DIM, known, defines=True)
                    self.parts((dim.size,), known)
                    if dim.parent is not None:
                        self._add(dim.parent, Kind.DIM, known)
            case ast.DataDeclaration(name=name, type=type_):
                self._add(name, Kind.VALUE, known, defines=True)
                self.parts((type_,), known)
            case ast.ConstDeclaration(name=name, type=type_, value=value):
                self._add(name, Kind.VALUE, known, defines=True)
                self.parts((type_, value), known)
            case ast.Sample() | ast.Define():
                self._line(item, known)
            case ast.Factor(value=value):
                self.parts((value,), known)
            case ast.For(variable=variable, domain=domain, body=body):
                self._domain(domain, known)
                detail = f"index over {domain.span.text}"
                inner = self._introduce(variable, known, Kind.VALUE, detail)
                for one in body:
                    self.item(one, inner)
            case ast.FunctionDefinition():
                self._function(item)
            case ast.DistDefinition():
                self._distribution(item)
            case ast.ModelDefinition(name=name, parameters=parameters, body=body):
                self._add(name, Kind.CALLABLE, {}, defines=True)
                inner = self._parameters(parameters, {}, name.name)
                inner = {**_own(body), **inner}
                for one in body:
                    self.item(one, inner)
            case ast.ImportDeclaration():
                return
            case _:
                assert_never(item)

    def _line(self, item: ast.Sample | ast.Define, known: Locals) -> None:
        for decorator in item.decorators:
            self._add(decorator.name, Kind.DECORATOR, known)
            for argument in decorator.arguments:
                if isinstance(argument.value, ast.Name):  # `auto`, which is no value
                    self._add(argument.value, Kind.DECORATOR, known)
                else:
                    self.parts((argument,), known)
        target = item.target
        self._add(target.name, Kind.VALUE, known, defines=True)
        inner = self._binders(target.binders, known)
        value = item.distribution if isinstance(item, ast.Sample) else item.value
        self.parts((target.type, value), inner)

    def _binders(self, binders: tuple[ast.Binder, ...], known: Locals) -> Locals:
        for binder in binders:
            self._domain(binder.domain, known)
        for binder in binders:
            if binder.variable is not None:
                detail = f"index over {binder.domain.span.text}"
                known = self._introduce(binder.variable, known, Kind.VALUE, detail)
        return known

    def _domain(self, node: ast.Name | ast.Integer | ast.Slice, known: Locals) -> None:
        if isinstance(node, ast.Name):
            kind = Kind.VALUE if node.name in known else Kind.DIM
            self._add(node, kind, known)
        else:
            self.parts((node,), known)

    # ------------------------------------------------ functions, distributions

    def _function(self, item: ast.FunctionDefinition) -> None:
        self._add(item.name, Kind.CALLABLE, {}, defines=True)
        known = self._parameters(item.parameters, {}, item.name.name)
        self.parts((item.returns,), known)
        self._body(item.locals, item.result, known)

    def _distribution(self, item: ast.DistDefinition) -> None:
        name = item.name.name
        self._add(item.name, Kind.CALLABLE, {}, defines=True)
        known = self._parameters(item.parameters, {}, name)
        self.parts((item.support,), known)
        for member in item.members:
            self._add(member.name, Kind.MEMBER, {}, defines=True, owner=name)
            inner = self._parameters(member.parameters, known, None)
            self._body(member.locals, member.result, inner)
        for form in item.reparams:
            self._add(form.name, Kind.DECORATOR, {})
            self.parts((form.base,), known)
            detail = f"drawn from {form.base.span.text}"
            inner = self._introduce(form.variable, known, Kind.VALUE, detail)
            self.parts((form.result,), inner)
        for check in item.checks:
            self.parts((check.left, check.right), known)

    def _parameters(
        self, parameters: tuple[ast.Parameter, ...], known: Locals, owner: str | None
    ) -> Locals:
        """Parameters, and the dims of their types: these stand for any dim."""
        for parameter in parameters:
            type_ = parameter.type
            for dim in (*type_.dims, *type_.arguments) if type_ else ():
                if dim.name not in known:
                    known = {**known, dim.name: dim.span.start}
            self.parts((type_, parameter.default), known)
            detail = f"parameter {parameter.span.text}"
            known = self._introduce(parameter.name, known, Kind.VALUE, detail)
            if owner is not None:
                self._add(parameter.name, Kind.KEYWORD, {}, defines=True, owner=owner)
        return known

    def _body(
        self, definitions: tuple[ast.Define, ...], result: ast.Expr, known: Locals
    ) -> None:
        for local in definitions:
            self.parts((local.target.type, local.value), known)
            name = local.target.name
            known = self._introduce(name, known, Kind.VALUE, "local value")
        self.parts((result,), known)

    # ------------------------------------------------------------- expressions

    def parts(self, nodes: tuple[object, ...], known: Locals) -> None:
        for node in nodes:
            self._node(node, known)

    def _node(self, node: object, known: Locals) -> None:
        match node:
            case None | Span() | str() | int() | float() | ast.Identifier():
                return
            case tuple():
                self.parts(node, known)
            case ast.Name():
                self._add(node, Kind.VALUE, known)
            case ast.Type():
                self._add(node.name, Kind.TYPE, {})
                for dim in (*node.arguments, *node.dims):
                    self._add(dim, Kind.DIM, known)
                self.parts(tuple(bound.value for bound in node.bounds), known)
            case ast.Call(function=function, arguments=arguments):
                owner = None
                if isinstance(function, ast.Name):
                    owner = function.name
                    self._add(function, Kind.CALLABLE, {})
                else:
                    self._node(function, known)
                self._arguments(arguments, owner, known)
            case ast.Attribute(base=base, name=name):
                self._node(base, known)
                called = base.function if isinstance(base, ast.Call) else None
                owner = called.name if isinstance(called, ast.Name) else None
                owner = ".".join(_dotted(base)) or owner
                self._add(name, Kind.MEMBER, {}, owner=owner)
            case _:
                for attribute in _children(node):
                    self._node(attribute, known)

    def _arguments(
        self, arguments: tuple[ast.Argument, ...], owner: str | None, known: Locals
    ) -> None:
        for argument in arguments:
            if argument.keyword is not None:
                self._add(argument.keyword, Kind.KEYWORD, {}, owner=owner)
            inner = self._binders(argument.over, known)
            self._node(argument.value, inner)


def _dotted(node: ast.Expr) -> tuple[str, ...]:
    """The names of `a.b`; nothing where a part is none."""
    match node:
        case ast.Name(name=name):
            return (name,)
        case ast.Attribute(base=base, name=name) if before := _dotted(base):
            return (*before, name.name)
        case _:
            return ()


def _own(body: tuple[ast.Item, ...]) -> dict[str, int]:
    """Names that a component introduces; the model may have others like them."""
    found: dict[str, int] = {}
    for item in body:
        match item:
            case ast.Sample(target=target) | ast.Define(target=target):
                found.setdefault(target.name.name, target.name.span.start)
            case ast.For(body=inner):
                found = {**_own(inner), **found}
            case _:
                continue
    return found


def _children(node: object) -> Iterator[object]:
    if attrs.has(kind := type(node)):
        for attribute in attrs.fields(kind):
            if attribute.name != "span":
                yield getattr(node, attribute.name)
