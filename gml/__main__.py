"""`python -m gml` is `gmlc`."""

import sys

from gml.cli import main

sys.exit(main())
