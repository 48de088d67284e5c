"""A mapping of distributions in front of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gml.ir.library import Distribution


class Overlay(Mapping[str, Distribution]):
    """Distributions of a model in front of the library's, which load when asked for."""

    def __init__(
        self, own: Mapping[str, Distribution], rest: Mapping[str, Distribution]
    ) -> None:
        self._own, self._rest = own, rest

    def __getitem__(self, name: str) -> Distribution:
        return self._own[name] if name in self._own else self._rest[name]

    def __contains__(self, name: object) -> bool:
        return name in self._own or name in self._rest

    def __iter__(self) -> Iterator[str]:
        yield from self._own
        yield from (n for n in self._rest if n not in self._own)

    def __len__(self) -> int:
        return len(set(self._own) | set(self._rest))
