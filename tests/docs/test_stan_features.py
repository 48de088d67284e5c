"""The page on Stan's features is true: what it shows compiles beside its names."""

from __future__ import annotations

import re

import numpy as np
import pytest

import gml
from gml.driver import standard_library
from tests.conftest import ROOT
from tests.docs.blocks import blocks

TEXT = (ROOT / "docs" / "stan_features.md").read_text("utf-8")
DATA = {
    "x": [0.2, 0.5, -0.3],
    "y": [0.4, -0.1, 0.3],
    "r2": [0.5, 0.3, 0.9],
    "X": [[0.1, 0.2], [0.5, -0.4], [1.0, 0.3]],
    "group": [0, 1, 0],
    "count": [0, 2, 1],
    "other": [0, 1, 3],
    "V": [[1.0, 0.2], [0.2, 1.5]],
}
"""For the names at the end of the page."""
VERDICTS = {"same", "better", "part", "no"}
LINE = re.compile(
    r"(data|dim|fn|for|factor|local|import) "  # begins with a word of the language
    r"|\w+(\[[^\]]*\])?(: \S.*?)? [~=] "  # or gives a name something
)
TYPED = re.compile(r"\w+(\[[^\]]*\])?: (?!index).*? ~ ")
# Words of Python and of the command line, and names of the language by themselves.
NO_CODE = re.compile(
    r"@\w+(\(auto\))?|--\w+|gmlc [a-z]+|posterior\.\w+|[a-z_]+|index\(K\)<base=1>"
)


def rows() -> list[tuple[str, str, str, str]]:
    """Section, feature, verdict and words of each row."""
    found, section = [], ""
    for line in TEXT.splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif line.startswith("|") and not line.startswith(("|---", "| Stan |")):
            feature, verdict, words = re.split(r"(?<!\\) \| ", line[2:-2], maxsplit=2)
            found.append((section, feature.strip(), verdict.strip(), words.strip()))
    return found


def spans(words: str) -> list[str]:
    return [s for s in re.findall(r"`([^`]+)`", words) if not NO_CODE.fullmatch(s)]


def program(section: str, words: str) -> str:
    (names,) = (block.text for block in blocks(TEXT))
    lines = []
    for place, code in enumerate(spans(words)):
        name = code.partition("(")[0]
        if LINE.match(code):
            lines.append(f"param {code}" if TYPED.match(code) else code)
        elif name in standard_library() and code.endswith(")") and ")." not in code:
            lines.append(f"new_{place} ~ {code}")
        else:
            lines.append(f"value_{place} = {code}")
    return names + "\n".join(lines) + "\n"


ROWS = rows()


def test_rows_are_read() -> None:
    assert len(ROWS) > 100
    assert {verdict for _, _, verdict, _ in ROWS} == VERDICTS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]}")
def test_what_a_row_shows_compiles(row) -> None:
    section, _, verdict, words = row
    if verdict == "no":
        return
    model = gml.loads(program(section, words))
    if not re.search(r"`(data|dim) ", words):  # their own data are not at hand
        posterior = model.bind(DATA, backend="reference")
        assert np.isfinite(posterior.score(np.full(posterior.ndim, 0.1)))


def test_every_distribution_of_the_library_is_used() -> None:
    absent = {n for n in standard_library() if not re.search(rf"[`~] ?{n}\(", TEXT)}
    own = {"flat", "kumaraswamy", "geometric", "hurdle_poisson"}
    own |= {"zero_inflated_poisson", "zero_inflated_neg_binomial_2"}
    assert absent - own == set()


def test_what_does_not_compile_is_found() -> None:
    with pytest.raises(gml.GmlError):
        gml.loads(program("", "`arcsine(x)`"))
    with pytest.raises(gml.GmlError):
        gml.loads(program("", "`y ~ nomral(0, 1)`"))
