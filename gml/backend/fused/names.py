"""C identifiers for the model's names and for the values between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from attrs import define, field

_C_WORDS = """
auto bool break case char const continue default do double else enum extern false
float for goto if inline int long nullptr register restrict return short signed
sizeof static struct switch true typedef typeof union unsigned void volatile while
asm linux unix main NULL
""".split()  # noqa: SIM905  a list of words reads better so
_OUR_WORDS = """
real integer unsigned_integer vreal vint vuint vwide VLEN INLINE G g EACH RUN
ROWS r EACH_ROW LINE
data position gradient score workspace num_groups
""".split()  # noqa: SIM905


@define
class Names:
    """Hands out identifiers, each once."""

    _taken: set[str] = field(factory=lambda: {*_C_WORDS, *_OUR_WORDS})
    _counts: dict[str, int] = field(factory=dict)

    def claim(self, wish: str) -> str:
        """An identifier like the wish that nothing else has.

        Parameters
        ----------
        wish
            A name of the model, or of a part of the generated program.
        """
        name = wish
        if name in self._taken or name.startswith(("__", "gml_", "INT", "UINT")):
            name = f"{wish}_"
        while name in self._taken:
            self._counts[wish] = self._counts.get(wish, 0) + 1
            name = f"{wish}_{self._counts[wish]}"
        self._taken.add(name)
        return name

    def reserve(self, words: Iterable[str]) -> None:
        """Words that a dialect has beside C's."""
        self._taken |= set(words)

    @contextmanager
    def block(self) -> Iterator[Names]:
        """Names claimed within are free again after: their C block has ended."""
        taken, counts = set(self._taken), dict(self._counts)
        yield self
        self._taken, self._counts = taken, counts

    def temporary(self) -> str:
        """An identifier for a value without a name: t1, t2, .. whichever is free."""
        while True:
            self._counts["t"] = self._counts.get("t", 0) + 1
            name = f"t{self._counts['t']}"
            if name not in self._taken:
                self._taken.add(name)
                return name
