"""Components and imports written out: a model of plain items alone.

`a ~ effects(county)` stands for the items of `model effects(G) { .. }`, whose names get
the prefix `a.`; those of an imported file have the prefix of its path. No name that a
user writes has a dot, so what is made can't clash with what is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve, frozen

from gml.check import binding, calls, mistakes
from gml.check.library import Library
from gml.check.modules import Finder, Module, load_modules
from gml.check.renaming import Renaming, bound_names, dotted, own_names, parts
from gml.check.scope import Mistake
from gml.diagnostics.diagnostic import Diagnostic
from gml.source import Source
from gml.syntax import ast

_INSIDE = (ast.Sample, ast.Define, ast.Factor, ast.For)


@frozen
class Requirement:
    """What a component asks of an argument: to be of the type of a parameter."""

    component: str
    parameter: str
    type: ast.Type
    value: ast.Expr


@frozen
class Expanded:
    """A model without components and imports, and the files that it is made of."""

    tree: ast.Model
    requirements: tuple[Requirement, ...] = ()
    imported: tuple[tuple[str, Source], ...] = ()


def expand(tree: ast.Model, source: Source, find: Finder, library: Library) -> Expanded:
    """Write components and imports out.

    Raises
    ------
    Mistake
        If an import or a component is wrong, or is used wrongly.
    GmlError
        If an imported file cannot be read or parsed.
    """
    special = (ast.ModelDefinition, ast.ImportDeclaration)
    if not any(isinstance(item, special) for item in tree.items):
        return Expanded(tree)
    modules = load_modules(tree, source, find)
    expansion = _Expansion(modules, library)
    for module in modules.values():
        for component in module.components.values():
            expansion.check(component, module)
    items: list[ast.Item] = []
    for name, module in modules.items():
        if name:
            items += expansion.definitions(module)
    items += expansion.items(modules[""])
    imported = tuple((name, m.source) for name, m in modules.items() if name)
    whole = evolve(tree, items=tuple(items))
    return Expanded(whole, tuple(expansion.requirements), imported)


class _Expansion:
    """Everything that is known of the files of a model."""

    def __init__(self, modules: Mapping[str, Module], library: Library) -> None:
        self.modules = modules
        self.known = {*calls.callable_names(), *library.functions, *library}
        self.requirements: list[Requirement] = []

    # ------------------------------------------------------------------- definitions

    def definitions(self, module: Module) -> Iterator[ast.Item]:
        """Functions, distributions and constants of an imported file, renamed."""
        for item in module.tree.items:
            match item:
                case ast.ConstDeclaration(name=name):
                    inner = self._file_level(module, ())
                case ast.FunctionDefinition(name=name) | ast.DistDefinition(name=name):
                    inner = self._file_level(module, item)
                case _:
                    continue
            full = evolve(name, name=module.prefix + name.name)
            yield evolve(inner.apply(item), name=full)

    def _file_level(self, module: Module, node: object) -> Renaming:
        """What names of a file mean in a node that has names of its own.

        Names of the model itself are other ones in there: with the prefix, they are
        not known, which is what is to be said of them.
        """
        outside = {*module.defined, *self.modules[""].defined} - self.known
        names = {n: module.prefix + n for n in (*outside, *module.defined)}
        bound = set(bound_names(node))
        roots = {n: p for n, p in self._imports(module).items() if n not in bound}
        return Renaming(names, roots).without(bound)

    def _imports(self, module: Module) -> dict[str, str]:
        return {name: ".".join(m.path) for name, m in module.imports.items()}

    # ------------------------------------------------------------------ the model

    def items(self, module: Module) -> Iterator[ast.Item]:
        """Those of the model itself."""
        instances = {}
        for item in module.tree.items:
            if isinstance(item, ast.Sample) and self._component(item, module):
                instances[item.target.name.name] = item.target.name
        self._check_names(module, instances)
        roots = self._imports(module) | {name: name for name in instances}
        renaming = Renaming({}, roots)
        for item in module.tree.items:
            match item:
                case ast.FunctionDefinition() | ast.DistDefinition():
                    yield self._file_level(module, item).apply(item)
                case ast.ModelDefinition() | ast.ImportDeclaration():
                    continue
                case ast.Sample() if self._component(item, module):
                    name = item.target.name.name
                    yield from self._instance(item, renaming, module, name)
                case _:
                    self._check_loops(item, module)
                    yield renaming.apply(item)

    def _check_names(
        self, module: Module, instances: Mapping[str, ast.Identifier]
    ) -> None:
        """An instance, and an import, shares its name with nothing."""
        unique = dict(instances)
        for item in module.tree.items:
            if isinstance(item, ast.ImportDeclaration):
                unique.setdefault(item.path[-1].name, item.path[-1])
        for item in module.tree.items:
            for name in _declared(item):
                own = unique.get(name.name, name)
                if own.span == name.span:
                    continue
                is_data = isinstance(item, ast.DataDeclaration)
                if is_data and own.name in instances:
                    raise Mistake(mistakes.conditioned(own.span, own.name, name.span))
                spans = sorted((own.span, name.span), key=lambda span: span.start)
                raise Mistake(mistakes.defined_twice(spans[1], own.name, spans[0]))

    def _check_loops(self, item: ast.Item, module: Module) -> None:
        if not isinstance(item, ast.For):
            return
        for inner in item.body:
            if isinstance(inner, ast.Sample) and self._component(inner, module):
                raise Mistake(_in_a_loop(inner))
            self._check_loops(inner, module)

    # ----------------------------------------------------------------- components

    def _component(
        self, item: ast.Sample, module: Module
    ) -> tuple[ast.ModelDefinition, Module] | None:
        """The component that a line uses, and its file."""
        if not isinstance(item.distribution, ast.Call):
            return None
        match dotted(item.distribution.function):
            case (name,) if name in module.components:
                return module.components[name], module
            case (root, name) if root in module.imports:
                other = module.imports[root]
                if name not in other.defined:
                    span = item.distribution.function.span
                    raise Mistake(
                        mistakes.unknown_part(span, root, name, other.defined)
                    )
                if name in other.components:
                    return other.components[name], other
        return None

    def check(self, component: ast.ModelDefinition, module: Module) -> None:
        """What a component may hold and refer to."""
        name = component.name.name
        own = {*own_names(component.body), *(p.name.name for p in component.parameters)}
        known = {*own, *self.known, *module.defined, *module.imports}
        for item in component.body:
            self._check_item(item, name, module)
        for node in (component.body, component.parameters):
            for use in _names(node):
                if use.name not in known:
                    raise Mistake(mistakes.outside_name(use.span, use.name, name))
        self._check_circle(component, module, ())

    def _check_item(self, item: ast.Item, name: str, module: Module) -> None:
        if not isinstance(item, _INSIDE):
            raise Mistake(mistakes.not_in_a_component(item.span, name))
        self._check_loops(item, module)
        if isinstance(item, ast.For):
            for inner in item.body:
                self._check_item(inner, name, module)

    def _check_circle(
        self, component: ast.ModelDefinition, module: Module, outer: tuple[str, ...]
    ) -> None:
        name = module.prefix + component.name.name
        if name in outer:
            ring = outer[outer.index(name) :]
            raise Mistake(mistakes.circular_components(component.name.span, ring))
        for item in component.body:
            inner = isinstance(item, ast.Sample) and self._component(item, module)
            if inner:
                self._check_circle(*inner, (*outer, name))

    def _instance(
        self,
        item: ast.Sample,
        outer: Renaming,
        module: Module,
        prefix: str,
    ) -> Iterator[ast.Item]:
        """The items that a line stands for, with the prefix."""
        found = self._component(item, module)
        assert found is not None
        component, home = found
        _check_use(item, component)
        own = set(own_names(component.body))
        names: dict[str, ast.Expr | str] = {n: home.prefix + n for n in home.defined}
        names |= {name: f"{prefix}.{name}" for name in own}
        passed, locals_ = self._arguments(item, component, outer, home, prefix)
        names |= passed
        inner = [i for i in component.body if isinstance(i, ast.Sample)]
        roots = self._imports(home) | {
            i.target.name.name: f"{prefix}.{i.target.name.name}"
            for i in inner
            if self._component(i, home)
        }
        renaming = Renaming(names, roots)
        self._require(component, passed, renaming)
        yield from locals_
        for part in component.body:
            if isinstance(part, ast.Sample) and self._component(part, home):
                deeper = f"{prefix}.{part.target.name.name}"
                yield from self._instance(part, renaming, home, deeper)
            else:
                yield renaming.apply(part)

    def _arguments(
        self,
        item: ast.Sample,
        component: ast.ModelDefinition,
        outer: Renaming,
        home: Module,
        prefix: str,
    ) -> tuple[dict[str, ast.Expr | str], list[ast.Item]]:
        """What stands for each parameter: a name, or a definition of its own."""
        assert isinstance(item.distribution, ast.Call)
        call, name = item.distribution, component.name.name
        wanted = [p.name.name for p in component.parameters]
        given = binding.by_name(call.arguments, wanted, name)
        values: dict[str, ast.Expr | str] = {}
        locals_: list[ast.Item] = []
        for parameter in component.parameters:
            own = parameter.name.name
            if own in given:
                value: ast.Expr = outer.apply(given[own].value)
            elif parameter.default is not None:
                value = self._file_level(home, ()).apply(parameter.default)
            else:
                raise Mistake(mistakes.missing_argument(call.span, name, own))
            if not _is_plain(value):
                target = ast.Identifier(f"{prefix}.{own}", span=value.span)
                locals_.append(_local(target, value))
                value = ast.Name(target.name, span=value.span)
            values[own] = value
        return values, locals_

    def _require(
        self,
        component: ast.ModelDefinition,
        passed: Mapping[str, ast.Expr | str],
        renaming: Renaming,
    ) -> None:
        for parameter in component.parameters:
            value = passed[parameter.name.name]
            if parameter.type is not None and not isinstance(value, str):
                type_ = renaming.apply(parameter.type)
                name = component.name.name
                required = Requirement(name, parameter.name.name, type_, value)
                self.requirements.append(required)


def _local(name: ast.Identifier, value: ast.Expr) -> ast.Define:
    target = ast.Target(name, span=name.span)
    return ast.Define(target, value, ast.Role.LOCAL, span=value.span)


def _is_plain(value: ast.Expr) -> bool:
    """Whether it may stand in several places: a name or a number."""
    match value:
        case ast.Name() | ast.Number() | ast.Integer() | ast.Boolean():
            return True
        case ast.Unary(operator="-", operand=ast.Number() | ast.Integer()):
            return True
        case _:
            return False


def _check_use(item: ast.Sample, component: ast.ModelDefinition) -> None:
    name, target = component.name.name, item.target
    if item.decorators:
        help = "put it above a site inside the component"
        why = "decorators belong to sites"
        raise Mistake(mistakes.bad_use(item.decorators[0].span, name, why, help))
    if item.role is not None or target.binders or target.type is not None:
        why = "a component has a name, and nothing beside it"
        help = f"write `{target.name.name} ~ {name}(..)`; pass dims as arguments"
        raise Mistake(mistakes.bad_use(target.span, name, why, help))


def _in_a_loop(item: ast.Sample) -> Diagnostic:
    name = item.distribution.span.text.partition("(")[0]
    help = "pass it a dim, and let its sites be over that"
    return mistakes.bad_use(item.target.span, name, "inside a loop", help)


def _declared(item: ast.Item) -> Iterator[ast.Identifier]:
    """What an item of a model gives a meaning to; a site's lines are one name."""
    match item:
        case ast.DimDeclaration(items=items):
            yield from (dim.name for dim in items)
        case ast.Sample(target=target) | ast.Define(target=target):
            yield target.name
        case ast.For(body=body):
            for inner in body:
                yield from _declared(inner)
        case ast.ImportDeclaration(path=path):
            yield path[-1]
        case ast.Factor():
            return
        case _:
            yield item.name


def _names(node: object) -> Iterator[ast.Name | ast.Identifier]:
    """Every use of a name: `a` of `a.m`, and dims of types."""
    match node:
        case ast.Name():
            yield node
        case ast.Type(dims=dims, arguments=arguments):
            yield from (*dims, *arguments)
        case ast.Decorator():
            return
        case _:
            pass
    for part in parts(node):
        yield from _names(part)
