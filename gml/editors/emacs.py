"""Word lists of the Emacs mode."""

from __future__ import annotations

from gml.editors import words


def word_lists() -> str:
    """`gml-ppl-words.el`, which `gml-ppl-mode.el` loads."""
    lists = {
        "types": words.TYPES,
        "constants": words.CONSTANTS,
        "declaring": words.declaring(),
        "control": words.CONTROL,
        "logical": words.LOGICAL,
        "members": words.DENSITY_MEMBERS,
        "distributions": words.distributions(),
        "functions": words.functions(),
    }
    body = "\n".join(_constant(name, given) for name, given in lists.items())
    return (
        ";;; gml-ppl-words.el --- Words of GML  -*- lexical-binding: t -*-\n\n"
        ";;; Commentary:\n\n"
        ";; Generated from the grammar and the library by `make highlighting'.\n"
        ";; Do not edit.\n\n"
        f";;; Code:\n\n{body}\n"
        "(provide 'gml-ppl-words)\n"
        ";;; gml-ppl-words.el ends here\n"
    )


def _constant(name: str, given: tuple[str, ...]) -> str:
    lines, line = [], "  '("
    for word in given:
        if len(line) + len(word) > 76:
            lines.append(line.rstrip())
            line = "    "
        line += f'"{word}" '
    lines.append(line.rstrip() + ")")
    text = "\n".join(lines)
    return f'(defconst gml-ppl-words-{name}\n{text}\n  "Words of GML: {name}.")\n'
