"""A mapping in front of another, which loads what it has when asked for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class Overlay(Mapping[str, T]):
    """The functions or distributions of a model in front of the library's."""

    def __init__(self, own: Mapping[str, T], rest: Mapping[str, T]) -> None:
        self._own, self._rest = own, rest

    def __getitem__(self, name: str) -> T:
        return self._own[name] if name in self._own else self._rest[name]

    def __contains__(self, name: object) -> bool:
        return name in self._own or name in self._rest

    def __iter__(self) -> Iterator[str]:
        yield from self._own
        yield from (n for n in self._rest if n not in self._own)

    def __len__(self) -> int:
        return len(set(self._own) | set(self._rest))
