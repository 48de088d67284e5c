"""Snippets of VS Code: pieces of models, with places to fill in."""

from __future__ import annotations

import json

_SNIPPETS = {
    "Model": (
        "model",
        "a small model to start from",
        """\
## ${1:What the model is about.}
dim ${2:N}
data ${3:y}: real[${2:N}]

${4:mu} ~ normal(0, ${5:5})
${6:sigma} ~ half_normal(${7:1})
${3:y} ~ normal(${4:mu}, ${6:sigma})
""",
    ),
    "Dim": ("dim", "an axis, sized by the data", "dim ${1:N}\n"),
    "Data": ("data", "data over a dim", "data ${1:y}: ${2:real}[${3:N}]\n"),
    "Index data": (
        "index",
        "data that point into a dim",
        "data ${1:group}: index(${2:K})[${3:N}]\n",
    ),
    "Non-centred parameter": (
        "noncentered",
        "a parameter for each element of a dim, with a common prior",
        "@noncentered\n${1:theta}[${2:K}] ~ normal(${3:mu}, ${4:tau})\n",
    ),
    "Loop": (
        "for",
        "a recurrence over time",
        """\
for ${1:t} in 1..${2:T} {
  ${3:x}[${1:t}] = ${4:0.9} * ${3:x}[${1:t} - 1]
}
""",
    ),
    "Function": (
        "fn",
        "a function",
        "fn ${1:f}(${2:x}: real) -> real = ${3:2 * x}\n",
    ),
    "Distribution": (
        "dist",
        "a distribution",
        """\
dist ${1:name}(${2:mu}: real) on ${3:real} {
  logpdf(x) = ${4:-0.5 * (x - mu)^2 - 0.9189385332046727}
  sample() = ${5:mu + draw_normal()}
}
""",
    ),
    "Factor": ("factor", "a term of the log density", "factor ${1:-0.5}\n"),
    "Choice": (
        "if",
        "one of two values",
        "${1:x} = if ${2:1 < 2} then ${3:1} else ${4:0}\n",
    ),
}


def snippets() -> str:
    """`snippets/gml.json`."""
    table = {
        name: {"prefix": prefix, "description": about, "body": body.splitlines()}
        for name, (prefix, about, body) in _SNIPPETS.items()
    }
    return json.dumps(table, indent=2) + "\n"
