"""Look for texts to which the compiler has no answer.

`python -m tests.fuzzing SEED FIRST LAST` makes the texts of these numbers.

Prints the shortest form of each that is found, one of a kind.
"""

from __future__ import annotations

import re
import sys

from tests.fuzzing.answers import complaint, random_text
from tests.fuzzing.shrinking import shortest


def kind(found: str) -> str:
    """Where it happened, so that one mistake is told once."""
    lines = re.findall(r'File ".*?(gml/\S+)", line (\d+)', found)
    return str(lines[-1]) if lines and "it took" not in found else found[:7]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(seed: int, start: int, end: int) -> None:
    seen: dict[str, int] = {}
    for number in range(start, end):
        text = random_text(seed, number)
        found = complaint(text)
        if found is None:
            continue
        what = kind(found)
        seen[what] = seen.get(what, 0) + 1
        if seen[what] > 1:
            continue

        def is_same(other: str, what: str = what) -> bool:
            again = complaint(other)
            return again is not None and kind(again) == what

        say(f"==== {number} {found}")  # shortening may take minutes
        say(f"---- {shortest(text, is_same)}")
    say(f"{end - start} texts, wrong: {seen}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
