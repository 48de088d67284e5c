"""What the fused backend cannot print; another backend then takes over."""

from __future__ import annotations


class Unsupported(Exception):  # noqa: N818  the name says what it is
    """Why there is no kernel for a density, in words for a user."""
