"""Models with their non-centred sites written out, as GML text.

`theta[J] ~ normal(mu, tau)` becomes `theta[J] = mu + tau * theta_z`, of a site
`theta_z[J] ~ normal(0, 1)`: what `@noncentered` means, in so many words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
from attrs import evolve, frozen

from gml.check.renaming import Renaming
from gml.diagnostics.diagnostic import Diagnostic, GmlError, Label
from gml.diagnostics.suggest import did_you_mean
from gml.driver import Compilation, standard_library
from gml.formatting import format_source
from gml.ir.location_scale import NONCENTERED
from gml.ir.model import Model, ModelSite, Recurrence, Role
from gml.source import Source
from gml.syntax import ast
from gml.syntax.unparse import write_binder, write_expression

CENTERED = "centered"
_COMMENT = re.compile(r"#[^\n]*")


def transform(
    compilation: Compilation, noncenter: Sequence[str] = (), center: Sequence[str] = ()
) -> str:
    """The text of the model after some changes.

    Parameters
    ----------
    compilation
        The model. Sites that are `@noncentered` in it are written out.
    noncenter
        More sites to write out.
    center
        Sites that are to be centred, whatever stands above them.

    Raises
    ------
    GmlError
        If a site is not there, has no non-centred form, or is to be both.
    """
    _check_names(compilation, noncenter, center)
    tree = _decorated(compilation.tree, noncenter, center)
    wanted = Compilation(compilation.source, compilation.name, compilation.find)
    wanted.__dict__["tree"] = tree
    plan = _Plan(compilation.tree, wanted)
    text = compilation.source.text
    edits = sorted(plan.edits(text), key=lambda edit: edit.start, reverse=True)
    for edit in edits:
        text = text[: edit.start] + edit.text + text[edit.stop :]
    return format_source(Source(compilation.source.name, text))


@frozen
class _Edit:
    """A text in the place of another."""

    start: int
    stop: int
    text: str


class _Plan:
    """What is to be written where."""

    def __init__(self, tree: ast.Model, wanted: Compilation) -> None:
        model = wanted.model
        self.samples = tuple(_samples(tree.items))
        self.distributions = {
            item.name.name: item
            for item in wanted.expanded.tree.items
            if isinstance(item, ast.DistDefinition)
        }
        self.imports = {
            "".join(f"{name.name}." for name in item.path): f"{item.path[-1].name}."
            for item in tree.items
            if isinstance(item, ast.ImportDeclaration)
        }
        self.dims = {dim.name for dim in model.dims}
        self.model = model
        self.sites = {site.span: site for site in _sites(model)}
        self.taken = set(_names(tree))
        self.own: dict[str, str] = {}

    def edits(self, text: str) -> Iterator[_Edit]:
        self._check_whole()
        for node in self.samples:
            site = self._rewritten(node)
            if site is not None:
                start, stop = node.span.start, node.span.end
                yield _Edit(start, stop, self._written_out(node, site))
                continue
            site = self.sites.get(node.span)
            for decorator in () if site and site.is_auto else node.decorators:
                stop = decorator.span.end
                while text[stop : stop + 1].isspace():
                    stop += 1
                yield _Edit(decorator.span.start, stop, "")

    def _rewritten(self, node: ast.Sample) -> ModelSite | None:
        """The site of a line that is to be written out."""
        site = self.sites.get(node.span)
        is_wanted = site is not None and site.is_noncentered and not site.is_auto
        return site if is_wanted else None

    def _check_whole(self) -> None:
        """All lines of a name are written out, or none: z has the dims of x."""
        for node in self.samples:
            if self._rewritten(node) is not None:
                continue
            name = node.target.name.name
            other = next(
                (
                    n
                    for n in self.samples
                    if n.target.name.name == name and self._rewritten(n) is not None
                ),
                None,
            )
            if other is not None:
                raise GmlError(_in_part(node, other))

    def _written_out(self, node: ast.Sample, site: ModelSite) -> str:
        """Definition first: the comment above a site is that of its name."""
        assert isinstance(node.distribution, ast.Call)
        definition = self._definition(site.call.distribution)
        form = next(r for r in definition.reparams if r.name.name == NONCENTERED)
        arguments = bound_arguments(definition, node.distribution)
        dims = self._generic_dims(site)
        z = self._standardised(site.name)
        own = tuple(dims.get(d.name, d.name) for d in form.dims)
        plates = site.dims[: len(site.dims) - len(own)]
        binders = [write_binder(b) for b in node.target.binders]
        x_places = [*binders, *site.dims[len(binders) :]]
        z_places = [*binders, *(*plates, *own)[len(binders) :]]
        values = {**arguments, form.variable.name: self._reference(z, node)}
        value = substituted(form.result, values, dims)
        base = substituted(form.base, arguments, dims)
        role = "param " if node.role is ast.Role.PARAM else ""
        comments = "".join(f"{c}\n" for c in _COMMENT.findall(node.span.text))
        return (
            f"{comments}{_place(site.name, x_places)} = {self._text(value)}\n"
            f"{role}{_place(z, z_places)} ~ {self._text(base)}"
        )

    def _text(self, expr: ast.Expr) -> str:
        """In the model an import is known by its last name."""
        names = {
            name: ast.Name(local + name.removeprefix(path), span=expr.span)
            for name in _names(expr)
            for path, local in self.imports.items()
            if name.startswith(path)
        }
        return write_expression(Renaming(names).apply(expr))

    def _definition(self, name: str) -> ast.DistDefinition:
        if name in self.distributions:
            return self.distributions[name]
        return standard_library().node(name)

    def _generic_dims(self, site: ModelSite) -> dict[str, str]:
        """The real dim of each generic one."""
        distribution = self.model.distributions[site.call.distribution]
        dims: dict[str, str] = {}
        for name, axes in site.call.argument_axes:
            formal = next(f for f in distribution.formals if f.name == name)
            dims |= dict(zip(formal.dims, axes, strict=True))
        dims |= dict(zip(distribution.event_dims, site.event_dims, strict=False))
        return dims

    def _standardised(self, site: str) -> str:
        if site not in self.own:
            name = f"{site}_z"
            while name in self.taken:
                name += "z"
            self.taken.add(name)
            self.own[site] = name
        return self.own[site]

    def _reference(self, z: str, node: ast.Sample) -> ast.Expr:
        """`z`, or its element at what the line says: `z[n]`, `z[t]`, `z[.., n]`."""
        span = node.target.span
        places: list[ast.Expr | ast.Slice] = []
        for binder in node.target.binders:
            domain = binder.domain
            if binder.variable is not None:
                places.append(ast.Name(binder.variable.name, span=span))
            elif isinstance(domain, ast.Name) and domain.name in self.dims:
                places.append(ast.Slice(None, None, span=span))
            else:
                places.append(domain)
        name = ast.Name(z, span=span)
        if all(isinstance(p, ast.Slice) and p.lower is p.upper for p in places):
            return name
        return ast.Index(name, tuple(places), span=span)


def bound_arguments(
    definition: ast.DistDefinition, call: ast.Call
) -> dict[str, ast.Expr]:
    """The argument of each parameter, by its name: the default where there is none."""
    values = {
        p.name.name: p.default for p in definition.parameters if p.default is not None
    }
    places = iter(definition.parameters)
    for argument in call.arguments:
        word = argument.keyword or next(places).name
        values[word.name] = argument.value
    return values


def substituted(
    expr: ast.Expr, values: Mapping[str, ast.Expr], dims: Mapping[str, str]
) -> ast.Expr:
    """An expression with values for its names, and other dims."""
    found: ast.Expr = _substituted(expr, values, dims)
    return found


def _substituted(
    node: Any, values: Mapping[str, ast.Expr], dims: Mapping[str, str]
) -> Any:
    match node:
        case ast.Name(name=name):
            return values.get(name) or evolve(node, name=dims.get(name, name))
        case ast.Call(function=ast.Name() as function, arguments=arguments):
            inside = tuple(_substituted(a, values, dims) for a in arguments)
            return evolve(node, function=function, arguments=inside)
        case ast.Binary(left=left, right=right):
            first, second = (_substituted(e, values, dims) for e in (left, right))
            return _simplified(evolve(node, left=first, right=second))
        case tuple():
            return tuple(_substituted(part, values, dims) for part in node)
        case ast.Identifier() | ast.Number() | ast.Integer() | ast.Boolean():
            return node
        case _ if attrs.has(type(node)):
            changes = {
                a.name: _substituted(getattr(node, a.name), values, dims)
                for a in attrs.fields(type(node))
                if a.name != "span"
            }
            return evolve(node, **changes)
        case _:
            return node


def _simplified(node: ast.Binary) -> ast.Expr:
    """Without what adds nothing: `0 + tau * z`, `1 * z`."""
    nothing = {"+": 0, "*": 1}.get(node.operator)
    if nothing is not None and _is_number(node.left, nothing):
        return node.right
    return node


def _is_number(expr: ast.Expr, value: float) -> bool:
    return isinstance(expr, ast.Number | ast.Integer) and expr.value == value


def _place(name: str, places: Iterable[str]) -> str:
    inside = ", ".join(places)
    return f"{name}[{inside}]" if inside else name


# ------------------------------------------------------------------ what is wanted


def _decorated(
    tree: ast.Model, noncenter: Sequence[str], center: Sequence[str]
) -> ast.Model:
    """The tree with the decorators that were asked for."""

    def decorated(items: tuple[ast.Item, ...]) -> tuple[ast.Item, ...]:
        return tuple(changed(item) for item in items)

    def changed(item: ast.Item) -> ast.Item:
        match item:
            case ast.For(body=body):
                return evolve(item, body=decorated(body))
            case ast.Sample(target=target) if target.name.name in noncenter:
                name = ast.Identifier(NONCENTERED, span=target.span)
                own = ast.Decorator(name, span=target.span)
                return evolve(item, decorators=(own,))
            case ast.Sample(target=target) if target.name.name in center:
                name = ast.Identifier(CENTERED, span=target.span)
                return evolve(item, decorators=(ast.Decorator(name, span=target.span),))
            case _:
                return item

    return evolve(tree, items=decorated(tree.items))


def _check_names(
    compilation: Compilation, noncenter: Sequence[str], center: Sequence[str]
) -> None:
    known = list(
        dict.fromkeys(s.target.name.name for s in _samples(compilation.tree.items))
    )
    for name in (*noncenter, *center):
        if name not in known:
            help = did_you_mean(name, known) or "sites are the names with a `~`"
            problem = Diagnostic("GML0201", f"there is no site `{name}`", help=help)
            raise GmlError(problem, exit_code=2)
    for name in noncenter:
        if name in center:
            message = f"`{name}` cannot be centred and non-centred"
            problem = Diagnostic("GML0803", message, help="name it once")
            raise GmlError(problem, exit_code=2)


def _in_part(node: ast.Sample, other: ast.Sample) -> Diagnostic:
    name = node.target.name.name
    return Diagnostic(
        "GML0506",
        f"`{name}` is non-centred in part and cannot be written out",
        Label(node.target.span, "this line is not"),
        (Label(other.target.span, "this line is"),),
        help=f"`--noncenter {name}` writes out all of its lines",
    )


def _samples(items: Iterable[ast.Item]) -> Iterator[ast.Sample]:
    for item in items:
        if isinstance(item, ast.For):
            yield from _samples(item.body)
        elif isinstance(item, ast.Sample):
            yield item


def _sites(model: Model) -> Iterator[ModelSite]:
    for statement in model.statements:
        pieces = statement.body if isinstance(statement, Recurrence) else (statement,)
        for piece in pieces:
            if isinstance(piece, ModelSite) and piece.role is Role.LATENT:
                yield piece


def _names(node: Any) -> Iterator[str]:
    """Every name in a tree, declared or used."""
    if isinstance(node, ast.Name | ast.Identifier):
        yield node.name
    elif isinstance(node, tuple):
        for part in node:
            yield from _names(part)
    elif attrs.has(type(node)):
        for attribute in attrs.fields(type(node)):
            if attribute.name != "span":
                yield from _names(getattr(node, attribute.name))
