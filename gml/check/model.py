"""From a syntax tree to a checked model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from attrs import evolve

from gml.check import (
    assignments,
    binding,
    definitions,
    expressions,
    mistakes,
    regions,
    schedule,
    sites,
    targets,
)
from gml.check.declarations import Declarations, Entry, collect
from gml.check.graph import components
from gml.check.library import Library
from gml.check.roles import infer_roles
from gml.check.scope import ArrayName, Mistake, Scope
from gml.check.types import resolve_type
from gml.diagnostics.diagnostic import Report
from gml.ir.library import Function
from gml.ir.model import (
    DataCheck,
    DataVariable,
    Definition,
    IndexSupport,
    Model,
    ModelDim,
    ModelFactor,
    ModelSite,
    Role,
    Statement,
    scalar_of,
)
from gml.ir.nodes import Scalar
from gml.source import Span
from gml.syntax import ast

T = TypeVar("T")


def check_model(tree: ast.Model, library: Library, name: str, report: Report) -> Model:
    """Check a model; every independent mistake goes to the report.

    The result is complete only if the report has no errors.
    """
    found = collect(tree, report)
    checker = _Checker(found, library, infer_roles(found, report), report)
    checker.run()
    return checker.model(name, tree.doc)


class _Checker:
    """State of one check: the growing scope and the checked statements."""

    def __init__(
        self,
        found: Declarations,
        library: Library,
        roles: Mapping[str, Role],
        report: Report,
    ) -> None:
        self.found = found
        self.roles = roles
        self.report = report
        self.library = library
        self.pieces: list[ModelSite | Definition | ModelFactor] = []
        self.checks: list[DataCheck] = []
        self.data: list[DataVariable] = []
        self.dims = self._dims()
        self.scope = Scope(
            dims={d.name: d.span for d in self.dims},
            literal_sizes={d.name: d.size for d in self.dims if d.size is not None},
            aliases={d.name: d.alias_of for d in self.dims if d.alias_of},
            functions=library.functions,
            distributions=library,
        )

    def run(self) -> None:
        for function in self.found.functions.values():
            self._function(function)
        for distribution in self.found.distributions.values():
            self._distribution(distribution)
        for datum in self.found.data.values():
            self._datum(datum)
        for constant in self.found.constants.values():
            self._constant(constant)
        for group in self._groups():
            self._group(group)
        for number, entry in enumerate(e for e in self.found.entries if e.name is None):
            self._attempt(lambda e=entry, n=number: self._factor(e, n))  # type: ignore[misc]
        self._observed()
        self._warn()

    def model(self, name: str, doc: str | None) -> Model:
        statements: tuple[Statement, ...] = ()
        if not self.report.has_errors:
            statements = schedule.schedule(self.pieces, self.report)
        used = {p.call.distribution for p in self.pieces if isinstance(p, ModelSite)}
        used |= {
            r.base
            for u in used
            for r in self.scope.distributions[u].reparametrisations.values()
        }
        return Model(
            name,
            self.dims,
            tuple(self.data),
            statements,
            {u: self.scope.distributions[u] for u in sorted(used)},
            tuple(self.checks),
            dict(self.scope.extents),
            doc,
        )

    # ------------------------------------------------------------ declarations

    def _dims(self) -> tuple[ModelDim, ...]:
        dims = []
        for item in self.found.dims.values():
            size, alias = None, None
            match item.size:
                case ast.Integer(value=value) if value > 0:
                    size = value
                case ast.Integer():
                    problem = "must have at least one element"
                    self.report.add(
                        mistakes.bad_type_argument(
                            item.size.span, item.name.name, problem
                        )
                    )
                case ast.Name(name=name, span=span):
                    if name not in self.found.dims or name == item.name.name:
                        known = [d for d in self.found.dims if d != item.name.name]
                        self.report.add(mistakes.unknown_dim(span, name, known))
                    else:
                        alias = name
                case None:
                    pass
            if item.parent is not None:
                help = "store one row for each child and an `index(parent)` beside it"
                what = "ragged dims are not supported"
                self.report.add(mistakes.not_here(item.parent.span, what, help))
            dims.append(ModelDim(item.name.name, size, alias, item.doc, item.name.span))
        return tuple(self._break_cycles(dims))

    def _break_cycles(self, dims: list[ModelDim]) -> list[ModelDim]:
        alias = {d.name: d.alias_of for d in dims}
        for dim in dims:
            seen, at = [dim.name], alias[dim.name]
            while at is not None and at not in seen:
                seen.append(at)
                at = alias.get(at)
            if at == dim.name:
                assert dim.span is not None
                self.report.add(mistakes.circular(dim.span, seen))
                alias[dim.name] = None
        return [evolve(d, alias_of=alias[d.name]) for d in dims]

    def _function(self, node: ast.FunctionDefinition) -> None:
        function = self._attempt(
            lambda: definitions.elaborate_function(node, self._outer_scope())
        )
        if function is None:
            self._break(node.name.name)
            return
        functions: dict[str, Function] = {
            **self.scope.functions,
            function.name: function,
        }
        self.scope = evolve(self.scope, functions=functions)

    def _distribution(self, node: ast.DistDefinition) -> None:
        distribution = self._attempt(
            lambda: definitions.elaborate_distribution(node, self._outer_scope())
        )
        if distribution is None:
            self._break(node.name.name)
            return
        self.scope = self.scope.with_distribution(distribution)

    def _outer_scope(self) -> Scope:
        """What bodies of functions and distributions see."""
        return Scope(
            functions=self.scope.functions,
            distributions=self.scope.distributions,
            broken=self.scope.broken,
        )

    def _datum(self, node: ast.DataDeclaration) -> None:
        name = node.name.name
        resolved = self._attempt(lambda: resolve_type(node.type, self.scope))
        if resolved is None:
            self._break(name)
            return
        support = resolved.support
        variable = DataVariable(
            name, resolved.dims, support, resolved.index_base, node.doc, node.name.span
        )
        self.data.append(variable)
        intervals = {n: a.interval for n, a in self.scope.arrays.items()}
        self._declare(
            ArrayName(
                name,
                scalar_of(support),
                resolved.dims,
                binding.interval_of_support(support, intervals),
                support.dim if isinstance(support, IndexSupport) else None,
                True,
                node.name.span,
            )
        )

    def _constant(self, node: ast.ConstDeclaration) -> None:
        target = ast.Target(node.name, (), node.type, span=node.name.span)
        define = ast.Define(target, node.value, doc=node.doc, span=node.span)
        entry = Entry(define, (), frozenset())

        def run() -> bool:
            value = expressions.elaborate(node.value, self.scope)
            del value
            result = assignments.elaborate_definition(entry, self.scope, Role.KNOWN)
            self.pieces.append(evolve(result.definition, is_local=True))
            self._declare(result.array)
            return True

        if self._attempt(run) is None:
            self._break(node.name.name)

    # -------------------------------------------------------------- statements

    def _groups(self) -> list[list[str]]:
        names = [n for n in self.found.names() if n not in self.found.data]
        depends = {
            n: set[str]().union(*(e.references for e in self.found.entries_of(n)))
            for n in names
        }
        return components(names, depends)

    def _group(self, names: list[str]) -> None:
        """Check names that depend on one another, or a single one."""
        entries = [(e, n) for n in names for e in self.found.entries_of(n)]
        if not any(e.references & set(names) for e, _ in entries):
            self._define_group(names, is_final=True)
            return
        outside = [e for e, _ in entries if not e.loops and e.references & set(names)]
        if outside:
            span = outside[0].node.span
            self._report_circular(span, names)
            return
        before = self.scope
        if self._attempt(lambda: self._presume(names)) is None:
            self._break(*names)
            return
        if not self._define_group(names, is_final=False):
            return
        self.scope = evolve(before, arrays={**before.arrays, **self._typed(names)})
        self._define_group(names, is_final=True)

    def _report_circular(self, span: Span, names: list[str]) -> None:
        self.report.add(mistakes.circular(span, names))
        self._break(*names)

    def _typed(self, names: list[str]) -> dict[str, ArrayName]:
        return {n: self.scope.arrays[n] for n in names}

    def _presume(self, names: list[str]) -> bool:
        """Declare the arrays of a recurrence before their values are checked."""
        for name in names:
            ranks: list[tuple[str, ...]] = []
            for entry in self.found.entries_of(name):
                assert not isinstance(entry.node, ast.Factor)
                left = targets.left_side(entry, entry.node.target, self.scope)
                declared = left.declared.dims if left.declared else ()
                ranks.append((*(p.dim or "" for p in left.places), *declared))
            rank = max(len(r) for r in ranks)
            dims = []
            for k in range(rank):
                known = [r[k] for r in ranks if k < len(r) and r[k]]
                if not known:
                    raise Mistake(mistakes.range_without_dim(left.span, name))
                dims.append(known[0])
            self._declare(
                ArrayName(
                    name, Scalar.REAL, tuple(dims), is_known=False, span=left.span
                )
            )
        return True

    def _define_group(self, names: list[str], is_final: bool) -> bool:
        for name in names:
            if not self._attempt(lambda n=name: self._define(n, is_final)):  # type: ignore[misc]
                self._break(*names)
                return False
        return True

    def _define(self, name: str, is_final: bool) -> bool:
        """Check every line that gives values to a name."""
        pieces: list[Definition | ModelSite] = []
        arrays: list[ArrayName] = []
        checks: list[DataCheck] = []
        for entry in self.found.entries_of(name):
            if isinstance(entry.node, ast.Define):
                result = assignments.elaborate_definition(
                    entry, self.scope, self.roles[name]
                )
                pieces.append(result.definition)
                arrays.append(result.array)
            else:
                site = sites.elaborate_site(
                    entry, self.scope, self.roles[name], None, is_final
                )
                pieces.append(site.site)
                arrays.append(site.array)
                checks += site.checks
        span = arrays[0].span
        assert span is not None
        if len({type(p) for p in pieces}) > 1:
            second = pieces[1].span or span
            raise Mistake(mistakes.defined_twice(second, name, span))
        dims = regions.merged_dims(pieces, span)
        pieces = [evolve(p, dims=dims) for p in pieces]
        regions.check_regions(pieces, span, {d: self.scope.extent(d) for d in dims})
        self._declare(_joined(arrays, dims))
        if is_final:
            self.checks += checks
            for piece in pieces:
                self.pieces += regions.peel(piece)
        return True

    def _observed(self) -> None:
        for entry in self.found.entries:
            if entry.name in self.found.data and isinstance(entry.node, ast.Sample):
                self._attempt(lambda e=entry: self._observe(e))  # type: ignore[misc]

    def _observe(self, entry: Entry) -> bool:
        assert entry.name is not None
        if entry.name in self.scope.broken:
            raise Mistake
        data = self.scope.arrays[entry.name]
        result = sites.elaborate_site(entry, self.scope, Role.OBSERVED, data, True)
        self.pieces += regions.peel(result.site)
        self.checks += result.checks
        return True

    def _factor(self, entry: Entry, number: int) -> bool:
        self.pieces.append(assignments.elaborate_factor(entry, self.scope, number))
        return True

    # -------------------------------------------------------------------- ends

    def _declare(self, array: ArrayName) -> None:
        self.scope = evolve(self.scope, arrays={**self.scope.arrays, array.name: array})

    def _break(self, *names: str) -> None:
        arrays = {n: a for n, a in self.scope.arrays.items() if n not in names}
        broken = self.scope.broken | set(names)
        self.scope = evolve(self.scope, broken=broken, arrays=arrays)

    def _attempt(self, run: Callable[[], T]) -> T | None:
        try:
            return run()
        except Mistake as mistake:
            if mistake.diagnostic is not None:
                self.report.add(mistake.diagnostic)
            return None

    def _warn(self) -> None:
        used = frozenset[str]().union(*(e.references for e in self.found.entries))
        observed = {e.name for e in self.found.entries}
        for name, node in self.found.data.items():
            if name not in used and name not in observed:
                self.report.add(mistakes.unused_data(node.name.span, name))
        has_sites = any(isinstance(p, ModelSite) for p in self.pieces)
        if has_sites and not any(
            isinstance(p, ModelFactor)
            or (isinstance(p, ModelSite) and p.role in (Role.LATENT, Role.OBSERVED))
            for p in self.pieces
        ):
            self.report.add(mistakes.nothing_observed(None))


def _joined(arrays: list[ArrayName], dims: tuple[str, ...]) -> ArrayName:
    """What a name means when several lines define its elements."""
    first = arrays[0]
    interval, is_known = first.interval, first.is_known
    scalar = first.scalar
    for array in arrays[1:]:
        interval = interval.join(array.interval)
        is_known = is_known and array.is_known
        scalar = Scalar.REAL if array.scalar is not scalar else scalar
    return evolve(first, dims=dims, interval=interval, is_known=is_known, scalar=scalar)
