"""The pipeline, in order: what each stage makes, and how it prints."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gml.check.components import Expanded, expand
from gml.check.library import Library
from gml.check.model import check_model
from gml.check.modules import Finder, FolderFinder, StoredFinder
from gml.check.scope import Mistake
from gml.check.silence import silenced
from gml.diagnostics.diagnostic import Diagnostic, GmlError, Report, Severity
from gml.ir.model import DataCheck, Model, discrete_names
from gml.ir.nodes import Density
from gml.ir.printer import print_density, print_model
from gml.ir.values import ValueProgram
from gml.resources import stdlib_path
from gml.source import Source
from gml.syntax import ast, parse, parse_tree
from gml.syntax.read import read_source, to_source

if TYPE_CHECKING:
    from gml.ir.generative import GenerativeProgram
    from gml.lower.centring import CentringProgram
    from gml.lower.inverse import InverseProgram


@lru_cache(maxsize=1)
def standard_library() -> Library:
    """The library of this installation; its files are read when first needed."""
    return Library(stdlib_path())


class Compilation:
    """A source on its way through the compiler. Each stage is made when asked for.

    Raises
    ------
    GmlError
        On access to a stage, with every independent error of it or of one before.
    """

    def __init__(self, source: Source, name: str, find: Finder | None = None) -> None:
        self.source = source
        self.name = name
        self.find = find or FolderFinder(None)
        self._incomplete: frozenset[str] | None = None

    def with_missing(self, incomplete: frozenset[str]) -> Compilation:
        """The same for data of which only these have missing cells."""
        if incomplete == self.incomplete:
            return self
        other = Compilation(self.source, self.name, self.find)
        other.__dict__["expanded"] = self.expanded
        other.__dict__["_checked"] = self._checked
        other._incomplete = incomplete
        return other

    def with_text(self, source: Source) -> Compilation:
        """Another text of the model, from the beginning."""
        return Compilation(source, self.name, self.find)

    def __reduce__(self) -> tuple[Any, ...]:
        """With the texts that it imports: elsewhere their files may not be there."""
        try:
            find: Finder = StoredFinder(self.imported)
        except GmlError:
            find = self.find
        return Compilation, (self.source, self.name, find)

    @property
    def incomplete(self) -> frozenset[str]:
        """The data with missing cells: by default all that may have some."""
        from gml.ir.missing import incomplete_data

        if self._incomplete is None:
            self._incomplete = incomplete_data(self.model)
        return self._incomplete

    @cached_property
    def tree(self) -> ast.Model:
        return parse(self.source)

    @cached_property
    def expanded(self) -> Expanded:
        """The syntax tree with its components and imports written out."""
        try:
            return expand(self.tree, self.source, self.find, standard_library())
        except Mistake as mistake:
            raise GmlError(*mistake.diagnostics) from None

    @property
    def imported(self) -> dict[str, str]:
        """The texts of the files that it imports, by their names there."""
        return {name: source.text for name, source in self.expanded.imported}

    @cached_property
    def _checked(self) -> tuple[Model, tuple[Diagnostic, ...]]:
        report = Report()
        tree, requirements = self.expanded.tree, self.expanded.requirements
        library = standard_library()
        model = check_model(tree, library, self.name, report, requirements)
        report.raise_if_errors()
        if discrete_names(model):
            from gml.lower.discrete import marginalize

            marginalize(model)  # what cannot be summed out is a mistake of the model
        return model, tuple(silenced(self.source, report.diagnostics))

    @property
    def model(self) -> Model:
        return self._checked[0]

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self._checked[1] if d.severity is Severity.WARNING)

    @cached_property
    def completed(self) -> Model:
        """What is lowered: missing cells are parameters, discrete ones summed out."""
        model = self.model
        if self.incomplete:
            from gml.lower import impute

            model = impute(model, self.incomplete)
        if discrete_names(model):
            from gml.lower.discrete import marginalize

            model = marginalize(model)
        return model

    # What follows is imported when it is asked for: `gmlc check` needs none of it, and
    # NumPy alone would take a fifth of its time.

    @cached_property
    def lowered(self) -> Density:
        """The density as written: terms apart, nothing folded."""
        from gml.lower import lower

        return lower(self.completed)

    @cached_property
    def density(self) -> Density:
        """The density after the passes that come before differentiation."""
        from gml.passes import PIPELINE, run_pipeline

        names = [name for name, _, _ in PIPELINE]
        return run_pipeline(self.lowered, only=names[: names.index("differentiate")])

    @cached_property
    def gradient(self) -> Density:
        """Score and gradient as one program, after all passes."""
        from gml.passes import run_pipeline

        return run_pipeline(self.lowered)

    @cached_property
    def array_names(self) -> dict[str, str]:
        """The array of each of the model's names."""
        from gml.lower import array_names

        return array_names(self.completed)

    @cached_property
    def checks(self) -> tuple[DataCheck, ...]:
        from gml.lower import lower_checks

        return lower_checks(self.completed)

    @cached_property
    def loops(self) -> Density:
        """The same with its plates fused, for backends that print loops."""
        from gml.passes import run_loop_pipeline

        return run_loop_pipeline(self.gradient)

    @cached_property
    def values(self) -> ValueProgram:
        from gml.lower import lower_values

        return lower_values(self.completed)

    @cached_property
    def pointwise(self) -> ValueProgram:
        """The log likelihood of each observation."""
        from gml.lower import lower_pointwise

        return lower_pointwise(self.completed)

    @cached_property
    def predictive(self) -> ValueProgram:
        """Replicates of the observations."""
        from gml.lower import lower_predictive

        return lower_predictive(self.completed)

    @cached_property
    def generative(self) -> GenerativeProgram:
        """The model as a simulator."""
        from gml.check.ancestral import ancestral_order
        from gml.lower import lower_generative

        return lower_generative(self.model, ancestral_order(self.model))

    @cached_property
    def has_weights(self) -> bool:
        """Whether some site is `@noncentered(auto)`."""
        from gml.lower.observed import latent_sites

        return any(site.is_auto for site in latent_sites(self.completed))

    @cached_property
    def centring(self) -> CentringProgram:
        """What the warm-up weighs of sites that are `@noncentered(auto)`."""
        from gml.lower import lower_centring

        return lower_centring(self.completed)

    @cached_property
    def inverse(self) -> InverseProgram:
        from gml.lower import lower_inverse

        return lower_inverse(self.completed)


Printer = Callable[[Compilation], str]


def _print_ast(compilation: Compilation) -> str:
    from gml.syntax.printer import print_ast

    return print_ast(compilation.tree)


STAGES: dict[str, tuple[str, Printer]] = {
    "tree": ("the parse tree", lambda c: parse_tree(c.source)),
    "ast": ("the syntax tree", _print_ast),
    "ir": ("the checked model", lambda c: print_model(c.model)),
    "density": ("the log density", lambda c: print_density(c.density)),
    "gradient": ("log density and gradient", lambda c: print_density(c.gradient)),
}
"""What `--emit` prints of the model alone; the rest is the command line's."""


def compile_file(path: str | Path) -> Compilation:
    """Read a model file.

    Raises
    ------
    GmlError
        With exit code 2 if it cannot be read, 1 if it is not UTF-8 text.
    """
    path = Path(path)
    return Compilation(read_source(path), path.stem, FolderFinder(path.parent))


def compile_bytes(contents: bytes, path: str) -> Compilation:
    """A model file that has been read.

    Raises
    ------
    GmlError
        If it is not UTF-8 text.
    """
    place = Path(path)
    return Compilation(
        to_source(path, contents), place.stem, FolderFinder(place.parent)
    )
