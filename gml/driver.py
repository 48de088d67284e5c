"""The pipeline, in order: what each stage makes, and how it prints."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gml.check.library import Library
from gml.check.model import check_model
from gml.diagnostics.diagnostic import Diagnostic, Report, Severity
from gml.ir.model import DataCheck, Model
from gml.ir.nodes import Density
from gml.ir.printer import print_density, print_model
from gml.ir.values import ValueProgram
from gml.resources import stdlib_path
from gml.source import Source
from gml.syntax import ast, parse, parse_tree
from gml.syntax.read import read_source

if TYPE_CHECKING:
    from gml.ir.generative import GenerativeProgram
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

    def __init__(self, source: Source, name: str) -> None:
        self.source = source
        self.name = name
        self._incomplete: frozenset[str] | None = None

    def with_missing(self, incomplete: frozenset[str]) -> Compilation:
        """The same for data of which only these have missing cells."""
        if incomplete == self.incomplete:
            return self
        other = Compilation(self.source, self.name)
        other.__dict__["_checked"] = self._checked
        other._incomplete = incomplete
        return other

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
    def _checked(self) -> tuple[Model, tuple[Diagnostic, ...]]:
        report = Report()
        model = check_model(self.tree, standard_library(), self.name, report)
        report.raise_if_errors()
        return model, tuple(report.diagnostics)

    @property
    def model(self) -> Model:
        return self._checked[0]

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self._checked[1] if d.severity is Severity.WARNING)

    @cached_property
    def completed(self) -> Model:
        """The model with a parameter for each missing cell: what is lowered."""
        from gml.lower import impute

        return impute(self.model, self.incomplete) if self.incomplete else self.model

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
    def inverse(self) -> InverseProgram:
        from gml.lower import lower_inverse

        return lower_inverse(self.completed)


Printer = Callable[[Compilation], str]


def _print_ast(compilation: Compilation) -> str:
    from gml.syntax.printer import print_ast

    return print_ast(compilation.tree)


def _print_c(compilation: Compilation) -> str:
    from gml.backend.fused.c import print_c  # only `--emit c` needs the printer

    return print_c(compilation.loops)


STAGES: dict[str, tuple[str, Printer]] = {
    "tree": ("the parse tree", lambda c: parse_tree(c.source)),
    "ast": ("the syntax tree", _print_ast),
    "ir": ("the checked model", lambda c: print_model(c.model)),
    "density": ("the log density", lambda c: print_density(c.density)),
    "gradient": ("log density and gradient", lambda c: print_density(c.gradient)),
    "c": ("score and gradient in C", _print_c),
}
"""What `--emit` prints; `block`, which needs a sampler, is the command line's."""


def compile_file(path: str | Path) -> Compilation:
    """Read a model file.

    Raises
    ------
    GmlError
        With exit code 2 if it cannot be read, 1 if it is not UTF-8 text.
    """
    path = Path(path)
    return Compilation(read_source(path), path.stem)
