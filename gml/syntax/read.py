"""Path to Source."""

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
        return Source(str(path), path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise GmlError(_missing(path), exit_code=2) from None
    except OSError as error:
        raise GmlError(_unreadable(path, error), exit_code=2) from None
    except UnicodeDecodeError as error:
        raise GmlError(_not_text(path, error)) from None


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


def _not_text(path: Path, error: UnicodeDecodeError) -> Diagnostic:
    return Diagnostic(
        "GML0111",
        f"`{path}` is not UTF-8 text",
        notes=(f"byte {error.start} is 0x{error.object[error.start]:02x}",),
        help="is it a model? If so, save it again as UTF-8",
    )
