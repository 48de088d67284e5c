"""Path, or the contents of a file, to Source."""

from __future__ import annotations

from pathlib import Path

from gml.diagnostics.diagnostic import Diagnostic, GmlError
from gml.diagnostics.suggest import did_you_mean
from gml.source import Source

_MOST_MODELS = 5


def read_source(path: Path) -> Source:
    """The model in a file.

    Raises
    ------
    GmlError
        If there is no such file, if it cannot be read, or if it is not UTF-8 text.
    """
    try:
        contents = path.read_bytes()
    except FileNotFoundError:
        raise GmlError(_missing(path), exit_code=2) from None
    except OSError as error:
        raise GmlError(_unreadable(path, error), exit_code=2) from None
    return to_source(str(path), contents)


def to_source(name: str, contents: bytes) -> Source:
    """The model in the contents of a file.

    Raises
    ------
    GmlError
        If they are not UTF-8 text.
    """
    try:
        return Source(name, contents.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise GmlError(_not_text(name, error)) from None


def _missing(path: Path) -> Diagnostic:
    folder = path.parent
    models = sorted(p.name for p in folder.glob("*.gml")) if folder.is_dir() else []
    help = did_you_mean(path.name, models)
    if help is None and models:
        help = f"models there: {', '.join(models[:_MOST_MODELS])}"
    return Diagnostic(
        "GML0801",
        f"there is no file `{path}`",
        help=help or "check the name and the folder",
    )


def _unreadable(path: Path, error: OSError) -> Diagnostic:
    reason = (error.strerror or "unknown reason").lower()
    return Diagnostic("GML0802", f"`{path}` cannot be read: {reason}")


def _not_text(name: str, error: UnicodeDecodeError) -> Diagnostic:
    return Diagnostic(
        "GML0111",
        f"`{name}` is not UTF-8 text",
        notes=(f"byte {error.start} is 0x{error.object[error.start]:02x}",),
        help="is it a model? If so, save it again as UTF-8",
    )
