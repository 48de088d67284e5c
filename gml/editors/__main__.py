"""`python -m gml.editors [FOLDER]`: write what is generated, by default to editors/."""

from __future__ import annotations

import sys
from pathlib import Path

from gml.editors import write_all

write_all(Path(sys.argv[1] if len(sys.argv) > 1 else "editors"))
