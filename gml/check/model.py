"""From a syntax tree to a checked model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from attrs import evolve

from gml.check import (
    assignments,
    binding,
    declarations,
    definitions,
    index_ranges,
    missing,
    mistakes,
    ragged,
    recursion,
    regions,
    schedule,
    sites,
)
from gml.check.advice import advice
from gml.check.components import Requirement
from gml.check.constants import with_constants
from gml.check.cycles import circular_definition
from gml.check.declarations import Declarations, Entry, collect, names_in
from gml.check.dims import resolve_dims
from gml.check.graph import components, cycle
from gml.check.library import Library
from gml.check.names import report_unknown_names, value_names
from gml.check.presumed import presume
from gml.check.requirements import required
from gml.check.roles import infer_roles
from gml.check.scope import ArrayName, Mistake, Scope
from gml.check.splitting import split
from gml.check.types import ResolvedType, resolve_type
from gml.diagnostics.diagnostic import Report
from gml.ir.model import (
    DataCheck,
    DataVariable,
    Definition,
    IndexSupport,
    Model,
    ModelFactor,
    ModelSite,
    Role,
    Statement,
    scalar_of,
)
from gml.syntax import ast

T = TypeVar("T")


def check_model(
    tree: ast.Model,
    library: Library,
    name: str,
    report: Report,
    requirements: Sequence[Requirement] = (),
) -> Model:
    """Check a model; every independent mistake goes to the report.

    Its components and imports have been written out; `requirements` is what those ask
    of their arguments. The result is complete only if the report has no errors.
    """
    found = collect(tree, report)
    with_constants(found)
    checker = _Checker(found, library, infer_roles(found, report), report)
    checker.run()
    checker.checks += required(requirements, checker.scope, report)
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
        self.dims = resolve_dims(found, report)
        self.scope = Scope(
            dims={d.name: d.span for d in self.dims},
            literal_sizes={d.name: d.size for d in self.dims if d.size is not None},
            aliases={d.name: d.alias_of for d in self.dims if d.alias_of},
            ragged={d.name: d.ragged for d in self.dims if d.ragged},
            functions=library.functions,
            distributions=library,
            broken=report_unknown_names(found, library.functions, library, report),
            is_model=True,
        )

    def run(self) -> None:
        ordered, recursive = declarations.callables_in_order(self.found)
        self.scope = recursion.with_recursive(self.scope, recursive)
        for node in ordered:
            if isinstance(node, ast.FunctionDefinition):
                self._function(node)
            else:
                self._distribution(node)
        for datum in ragged.structure(self.dims):
            self.data.append(datum)
            self._declare(ragged.array_name(datum))
        self._known_declarations()
        for group in self._groups():
            self._group(group)
        for number, entry in enumerate(e for e in self.found.entries if e.name is None):
            self._attempt(lambda e=entry, n=number: self._factor(e, n))  # type: ignore[misc]
        self._observed()
        found, pieces = self.found, self.pieces
        data = missing.with_missing(self.data, pieces, found, self.scope, self.report)
        self.data = list(data)
        self._warn()

    def model(self, name: str, doc: str | None) -> Model:
        statements: tuple[Statement, ...] = tuple(self.pieces)
        if not self.report.has_errors:
            statements = schedule.schedule(self.pieces, self.report)
        used = {p.call.distribution for p in self.pieces if isinstance(p, ModelSite)}
        used |= {"flat"} if self.found.incomplete() else set()
        known = {**self.scope.wrapped}
        known |= {u: self.scope.distributions[u] for u in used - set(known)}
        bases = {r.base for d in known.values() for r in d.reparametrisations.values()}
        known |= {b: self.scope.distributions[b] for b in bases}
        return Model(
            name,
            self.dims,
            tuple(self.data),
            statements,
            {name: known[name] for name in sorted(known)},
            tuple(dict.fromkeys((*self.checks, *self.scope.checks))),
            dict(self.scope.extents),
            doc,
        )

    # ------------------------------------------------------------ declarations

    def _function(self, node: ast.FunctionDefinition) -> None:
        function = self._attempt(
            lambda: definitions.elaborate_function(node, self._outer_scope())
        )
        if function is None:
            self._break(node.name.name)
            return
        self.scope = self.scope.with_function(function)

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
            recursive=self.scope.recursive,
            broken=self.scope.broken,
        )

    def _known_declarations(self) -> None:
        """Data and constants, each after those that its bounds or value need."""
        found = self.found
        known: dict[str, ast.DataDeclaration | ast.ConstDeclaration] = {
            **found.data,
            **found.constants,
        }
        uses = {name: names_in(node) & set(known) for name, node in known.items()}
        for group in components(known, uses):
            if uses[group[0]] & set(group):
                first, *others = cycle(group, uses)
                places = [(name, known[name].name.span) for name in others]
                mistake = mistakes.circular(
                    known[first].name.span, [first, *others], places
                )
                self.report.add(mistake)
                self._break(*group)
                continue
            match known[group[0]]:
                case ast.DataDeclaration() as datum:
                    self._datum(datum)
                case constant:
                    self._constant(constant)

    def _require_known(self, what: str, node: object) -> bool:
        """Mistake if something that must be known reads a name that is not data."""
        for use in value_names(node):
            is_data = use.name in set(self.found.data) - self.found.incomplete()
            if use.name in (*self.found.names(), *self.found.data) and not is_data:
                raise Mistake(mistakes.known_needed(use.span, what, use.name))
        return True

    def _datum(self, node: ast.DataDeclaration) -> None:
        name = node.name.name
        resolved = self._attempt(lambda: self._data_type(node))
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
                not node.type.has_missing,
                node.name.span,
            )
        )

    def _data_type(self, node: ast.DataDeclaration) -> ResolvedType:
        self._require_known("a bound of data", node.type.bounds)
        return resolve_type(node.type, self.scope, is_data=True)

    def _constant(self, node: ast.ConstDeclaration) -> None:
        target = ast.Target(node.name, (), node.type, span=node.name.span)
        define = ast.Define(target, node.value, doc=node.doc, span=node.span)
        entry = Entry(define, (), frozenset())

        def run() -> bool:
            self._require_known("a constant", node.value)
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
        if any(not e.is_elementwise and e.references & set(names) for e, _ in entries):
            self.report.add(circular_definition(self.found, names))
            self._break(*names)
            return
        before = self.scope
        if self._attempt(lambda: self._presume(names)) is None:
            self._break(*names)
            return
        if not self._define_group(names, is_final=False):
            return
        self.scope = evolve(before, arrays={**before.arrays, **self._typed(names)})
        self._define_group(names, is_final=True)

    def _typed(self, names: list[str]) -> dict[str, ArrayName]:
        return {n: self.scope.arrays[n] for n in names}

    def _presume(self, names: list[str]) -> bool:
        """Declare the arrays of a recurrence before their values are checked."""
        for name in names:
            self._declare(presume(name, self.found.entries_of(name), self.scope))
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
        other = next((p for p in pieces if type(p) is not type(pieces[0])), None)
        if other is not None:
            place, is_definition = other.span or span, isinstance(other, Definition)
            raise Mistake(
                mistakes.defined_and_sampled(place, name, span, is_definition)
            )
        dims = regions.merged_dims(pieces, span)
        pieces = regions.of_one_array(pieces, dims)
        regions.check_regions(pieces, span, self.scope)
        joined = regions.joined(arrays, dims)
        self._declare(joined)
        if is_final:
            self.checks += checks
            for piece in pieces:
                self._add(regions.as_joined(piece, joined))
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
        self._add(result.site)
        self.checks += result.checks
        return True

    def _add(self, piece: Definition | ModelSite | ModelFactor) -> None:
        """A checked statement, its first iterations apart where it needs that."""
        for part in split(piece, self.scope.splits):
            if not isinstance(part, ModelFactor):
                index_ranges.check_places(part, self.scope)
            self.pieces.append(part)

    def _factor(self, entry: Entry, number: int) -> bool:
        self._add(assignments.elaborate_factor(entry, self.scope, number))
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
            for diagnostic in mistake.diagnostics:
                self.report.add(diagnostic)
            return None

    def _warn(self) -> None:
        for warning in advice(self.found, self.pieces, self.roles, self.scope):
            self.report.add(warning)
