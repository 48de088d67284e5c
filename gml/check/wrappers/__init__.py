"""Distributions made of others: a word each, and what makes one of a call.

What is made is a `Distribution` like any other: its formals are those of the inner
ones, renamed, and its own, its members expressions over the members of the inner ones.
So nothing after the checker knows of wrappers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gml.check.wrappers.censored import censored
from gml.check.wrappers.mixture import mixture
from gml.check.wrappers.truncated import truncated
from gml.check.wrappers.zeros import hurdle, zero_inflated

if TYPE_CHECKING:
    from gml.check.scope import Applied, Scope
    from gml.syntax import ast

WRAPPERS: dict[str, Callable[[ast.Call, Scope], Applied]] = {
    "truncated": truncated,
    "censored": censored,
    "mixture": mixture,
    "zero_inflated": zero_inflated,
    "hurdle": hurdle,
}

__all__ = ["WRAPPERS"]
