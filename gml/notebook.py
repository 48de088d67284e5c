"""`%load_ext gml`: `%%gml` cells, models and fits in colours, progress bars.

    %%gml schools --data data
    ## Eight schools.
    ...

compiles the cell and calls it `schools`: a model, or with `--data` (a variable of the
notebook, or a file) the posterior. IPython is an extra; nothing else here needs it.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from typing import Any

from attrs import define

from gml.cli_arguments import Parser, UsageError
from gml.compiled import CompiledModel
from gml.data import read_data_file
from gml.diagnostics.diagnostic import GmlError
from gml.driver import Compilation
from gml.emit.html import diagnostics_html
from gml.runtime import progress as progress_module
from gml.runtime.html import progress_html
from gml.runtime.progress import Progress, SoFar
from gml.runtime.progress_display import PHASES
from gml.source import Source

_SECONDS_BETWEEN_UPDATES = 0.3
_SECONDS_BETWEEN_LOOKS = 2.0
_LEXERS = ("gml-ppl", "gml")  # of Pygments, where one is registered
_CLASSIC_HOOK = (
    "if (window.IPython && IPython.CodeCell) { IPython.CodeCell.options_default"
    ".highlight_modes['magic_text/x-gml-ppl'] = {'reg': [/^%%gml/]}; }"
)


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext gml` calls."""
    shell.register_magic_function(_magic(shell), "cell", "gml")
    progress_module.use_by_default(NotebookProgress if _has_frontend(shell) else None)
    highlight_cells(shell)


def unload_ipython_extension(shell: Any) -> None:
    """What `%unload_ext gml` calls."""
    shell.magics_manager.magics["cell"].pop("gml", None)
    progress_module.use_by_default(None)


def _has_frontend(shell: Any) -> bool:
    """Whether there is a page to draw on; a terminal has none."""
    return getattr(shell, "kernel", None) is not None


# ----------------------------------------------------------------------- cells


def cell_parser() -> Parser:
    parser = Parser(prog="%%gml", allow_abbrev=False)
    add = parser.add_argument
    add("name", metavar="NAME", help="what to call the model, or the posterior")
    add("--data", metavar="DATA", help="a variable of the notebook, or a file")
    add("--quiet", action="store_true", help="show messages only")
    return parser


def _magic(shell: Any) -> Callable[[str, str], Any]:
    def gml(line: str, cell: str) -> Any:
        """Compile the cell: `%%gml NAME [--data DATA]`."""
        from IPython.display import HTML, display

        try:
            given = cell_parser().parse_args(shlex.split(line))
            model = CompiledModel(Compilation(Source("cell", cell), given.name))
            if model.warnings:
                display(HTML(diagnostics_html(model.warnings)))
            made: Any = model
            if given.data is not None:
                made = model.bind(_data(shell, given.data), origin=given.data)
        except SystemExit:  # --help
            return None
        except UsageError as error:
            display(HTML(diagnostics_html((error.diagnostic,))))
            return None
        except GmlError as error:
            display(HTML(diagnostics_html(error.diagnostics)))
            return None
        shell.user_ns[given.name] = made
        return None if given.quiet else made

    return gml


def _data(shell: Any, name: str) -> Any:
    """A variable, where the notebook has one of that name, else a file."""
    return shell.user_ns[name] if name in shell.user_ns else read_data_file(name)


# ------------------------------------------------------------------ highlighting


def highlight_cells(shell: Any) -> bool:
    """Colour the text of `%%gml` cells; whether anything could be done about it.

    A terminal's IPython colours with Pygments: it is given the lexer of GML, if there
    is one. A classic notebook is told the mode by a line of JavaScript.
    """
    if _has_frontend(shell):
        from IPython.display import Javascript, display

        display(Javascript(_CLASSIC_HOOK))
        return True
    lexer = _lexer()
    if lexer is None:
        return False
    from IPython.terminal import interactiveshell
    from prompt_toolkit.lexers import PygmentsLexer

    known = interactiveshell.IPythonPTLexer  # one is made at every prompt

    def with_gml() -> Any:
        made = known()
        made.magic_lexers["gml"] = PygmentsLexer(type(lexer))
        return made

    if not hasattr(known, "knows_gml"):
        with_gml.knows_gml = True  # type: ignore[attr-defined]
        interactiveshell.IPythonPTLexer = with_gml
    return True


def _lexer() -> Any:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    for name in _LEXERS:
        try:
            return get_lexer_by_name(name)
        except ClassNotFound:
            continue
    return None


# --------------------------------------------------------------------- progress


@define
class NotebookProgress:
    """A bar that is drawn again and again in one output."""

    _shown: Any = None
    _next: float = 0.0
    _next_look: float = 0.0
    _looked: SoFar | None = None

    def __call__(self, progress: Progress) -> None:
        now = time.perf_counter()
        is_last = progress.phase == "sampling" and progress.done >= progress.total
        if now < self._next and not is_last:
            return
        self._next = now + _SECONDS_BETWEEN_UPDATES
        if progress.so_far is not None and now >= self._next_look:
            self._looked = progress.so_far() or self._looked
            self._next_look = time.perf_counter() + _SECONDS_BETWEEN_LOOKS
        self._show(progress)

    def _show(self, progress: Progress) -> None:
        from IPython.display import HTML, display

        title = PHASES.get(progress.phase, progress.phase)
        page = HTML(progress_html(progress, title, self._looked))
        if self._shown is None:
            self._shown = display(page, display_id=True)
        else:
            self._shown.update(page)
