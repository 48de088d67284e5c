import re
from pathlib import Path

import gml
from gml.diagnostics.codes import CODES

PACKAGE = Path(gml.__file__).parent


def used_codes():
    texts = [
        path.read_text("utf-8")
        for path in PACKAGE.rglob("*.py")
        if path.name != "codes.py"
    ]
    return set(re.findall(r"\bGML\d{4}\b", "\n".join(texts)))


def test_the_table_has_the_codes_that_are_used():
    assert sorted(used_codes()) == sorted(CODES)


def test_codes_are_well_formed_and_titles_distinct():
    assert all(re.fullmatch(r"GML0\d{3}", code) for code in CODES)
    assert list(CODES) == sorted(CODES)
    assert len(set(CODES.values())) == len(CODES)
    assert not any(title.endswith(".") for title in CODES.values())
