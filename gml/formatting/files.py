"""A text in the place of a file."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from gml.diagnostics.diagnostic import Diagnostic, GmlError


def replace_text(path: Path, text: str) -> None:
    """Give a file another text, whole or not at all; its permissions stay.

    Raises
    ------
    GmlError
        If the file cannot be written.
    """
    target = Path(os.path.realpath(path))  # a link stays one
    part = None
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError(None, "permission denied")
        number, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(number, "wb") as file:
            file.write(text.encode("utf-8"))
        Path(part).chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(part, target)
        part = None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        problem = Diagnostic("GML0802", f"`{path}` cannot be written: {reason}")
        raise GmlError(problem, exit_code=2) from None
    finally:
        if part is not None:
            Path(part).unlink(missing_ok=True)
