"""A sampler's block as the body of a kernel: K transitions of a chain, in registers.

The phases are those that the CPU's blocks print; around them a chain is a thread or a
warp, and what comes in and goes out is packed into a few buffers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gml.backend.fused.c_segment import indented
from gml.backend.fused.last_score import wants_last_score_alone
from gml.backend.fused.phases import Spelling
from gml.backend.fused.transition import RunLayout, layout, print_phases

if TYPE_CHECKING:
    from gml.samplers.transition import Sampler

WORDS_BEFORE_SLOTS = 7
"""Of the input `words`: chains, transitions, whether only to evaluate; the addresses,
as high and low words, of memory for the trace, or 0; then, for each field of
the trace, one more than its place among those traced, or 0."""
_WANTS_SCORE = "WANTS_SCORE"  # in the text of a step, until it is known


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        sign = "-" if value < 0 else ""
        return f"widen({sign}REAL_INFINITY)"
    high = float(np.float32(value))
    low = float(np.float32(value - high))
    return f"wide_of_pair({high!r}f, {low!r}f)"


def _spelling(lanes: int) -> Spelling:
    spread = "" if lanes == 1 else "SPREAD({position}) "
    arguments = "DATA_ARGUMENTS, WHOLE({position}), lane, &{score}"
    gradient = f"{arguments}, {{gradient}}, {_WANTS_SCORE}"
    return Spelling(
        each="",
        of_chain="",
        per_chain="",
        score=f"{spread}score_only({arguments});",
        score_and_grad=f"{spread}score_and_grad({gradient});",
        after_sum="{0} = wide_sum_over_lanes({0});",
        number=_number,
        scalar_element="narrow({0})",
        are_scalars_wide=True,
    )


def kernel_body(sampler: Sampler, lanes: int, is_short: bool) -> list[str]:
    """The statements of a kernel, after its data are where they are read from.

    Parameters
    ----------
    is_short
        Whether the density may stand there twice, once without its score.
    """
    phases, arrays = print_phases(sampler, _spelling(lanes))
    run = layout(sampler)
    vectors = [*_of("state", sampler.state), *_of("work", sampler.work)]
    vectors += [f"noise_{f.name}" for f in sampler.noise if f.per_dimension]
    numbers = [
        f"{prefix}_{name}"
        for prefix, shapes in (
            ("state", sampler.state),
            ("work", sampler.work),
            ("info", sampler.info),
        )
        for name, shape in shapes.items()
        if shape == "chain"
    ]
    numbers += [f"noise_{f.name}" for f in sampler.noise if not f.per_dimension]
    inner = [
        *_tuning(run),
        "if (is_evaluation) {",
        *indented(_evaluation_begins(sampler)),
        "} else {",
        *indented([*_noise(sampler), *phases["begin"]]),
        "}",
        *_steps(sampler, phases["step"], is_short),
        "if (is_evaluation) {",
        *indented(_evaluation_ends(sampler)),
        "} else {",
        *indented(phases["finish"]),
        *[f"  state_{n} = wide_rounded(state_{n});" for n, v in run.state if not v],
        "}",
        *_trace(run),
    ]
    return [
        *[f"real {name}[OWN];" for name in (*vectors, *arrays)],
        *[f"vwide {name} = WIDE_ZERO;" for name in numbers],
        *_matrices(run),
        *_load(run),
        *_slots(run),
        "for (int k = 0; k < num_transitions; k++) {",
        "  const int num_steps = (int)words[FIRST_STEP + k];",
        *indented(inner),
        "}",
        *_store(run),
    ]


def _steps(sampler: Sampler, step: list[str], is_short: bool) -> list[str]:
    """All steps; where only the last one's score is read, the others have none."""

    def scored(condition: str) -> list[str]:
        return indented([line.replace(_WANTS_SCORE, condition) for line in step])

    every = "for (int l = 0; l < num_steps; l++) {"
    if sampler.num_steps == 1 or not wants_last_score_alone(sampler):
        return [every, *scored("true"), "}"]
    if not is_short:
        return [every, *scored("l == num_steps - 1"), "}"]
    but_last = "for (int l = 1; l < num_steps; l++) {"
    last = ["if (num_steps > 0) {", *scored("true"), "}"]
    return [but_last, *scored("false"), "}", *last]


def _of(prefix: str, shapes: dict[str, str]) -> list[str]:
    return [f"{prefix}_{n}" for n, shape in shapes.items() if shape == "dimension"]


def _evaluation_begins(sampler: Sampler) -> list[str]:
    """A step from the state that moves nowhere: all else is zero."""
    lines = []
    for name, shape in sampler.work.items():
        source = f"state_{name}" if name in sampler.state else None
        if shape == "dimension":
            value = f"{source}[i]" if source and name == "position" else "0"
            lines.append(f"EACH_VECTOR work_{name}[i] = {value};")
        elif shape == "chain":
            lines.append(f"work_{name} = WIDE_ZERO;")
    return lines


def _evaluation_ends(sampler: Sampler) -> list[str]:
    lines = []
    for name, shape in sampler.state.items():
        if name in sampler.work and name != "position":
            if shape == "dimension":
                lines.append(f"EACH_VECTOR state_{name}[i] = work_{name}[i];")
            else:
                lines.append(f"state_{name} = wide_rounded(work_{name});")
    return lines


def _tuning(run: RunLayout) -> list[str]:
    count = len(run.scalars)
    lines = []
    for position, name in enumerate(run.scalars):
        place = f"2 * ({count} * k + {position})"
        pair = f"scalars[{place}], scalars[{place} + 1]"
        lines.append(f"const vwide tuning_{name} = wide_of_pair({pair});")
    return lines


def _matrices(run: RunLayout) -> list[str]:
    """Where each is, and where vectors are short a lane's own columns."""
    lines = []
    for position, name in enumerate(run.matrices):
        target, place = f"tuning_{name}", f"2 * {position} * NDIM * NDIM"
        lines += [
            f"MATRICES const real *{target} = MATRICES_PLACE + {place};",
            "#if IS_SHORT",
            f"real {target}_columns[2 * NDIM];",
            f"load_columns({target}, {target}_columns, lane);",
            "#endif",
        ]
    return lines


def _noise(sampler: Sampler) -> list[str]:
    """Words of the same address as the scheduler's, in the order of the fields."""
    lines = [
        "const uint32_t key0 = words[FIRST_STEP + num_transitions + 2 * k];",
        "const uint32_t key1 = words[FIRST_STEP + num_transitions + 2 * k + 1];",
        "const vword own_word = OWN_WORD(key0, key1, chain, lane);",
    ]
    start = "0"
    for noise in sampler.noise:
        size = "NDIM" if noise.per_dimension else "1"
        target = f"noise_{noise.name}"
        arguments = f"key0, key1, own_word, chain, {start}"
        if noise.per_dimension:
            lines.append(f"draw_{noise.kind}s({arguments}, {target}, lane);")
        else:
            lines.append(f"{target} = draw_{noise.kind}_number({arguments});")
        start = size if start == "0" else f"{start} + {size}"
    return lines


def _rows(run: RunLayout) -> list[tuple[str, str, int]]:
    """Each field of the state, its buffer and its place there."""
    counts = {"vectors": 0, "numbers": 0}
    rows = []
    for name, is_vector in run.state:
        buffer = "vectors" if is_vector else "numbers"
        rows.append((name, buffer, counts[buffer]))
        counts[buffer] += 1
    return rows


def _load(run: RunLayout) -> list[str]:
    lines = []
    for name, buffer, row in _rows(run):
        if buffer == "vectors":
            place = f"vectors[VECTOR_PLACE({row})]"
            lines.append(f"EACH_VECTOR state_{name}[i] = {place};")
        else:
            high, low = (f"numbers[NUMBER_PLACE({2 * row + part})]" for part in (0, 1))
            lines.append(f"state_{name} = wide_of_pair({high}, {low});")
    return lines


def _store(run: RunLayout) -> list[str]:
    lines = []
    for name, buffer, row in _rows(run):
        if buffer == "vectors":
            place = f"vectors_out[VECTOR_PLACE({row})]"
            lines.append(f"EACH_VECTOR {place} = state_{name}[i];")
        else:
            lines += _store_pair(f"state_{name}", "numbers_out", str(2 * row), "1")
    return lines


def _store_pair(source: str, buffer: str, row: str, step: str) -> list[str]:
    return [
        "if (lane == 0) {",
        f"  {buffer}[NUMBER_PLACE({row})] = wide_high({source});",
        f"  {buffer}[NUMBER_PLACE({row} + {step})] = wide_low({source});",
        "}",
    ]


def _slots(run: RunLayout) -> list[str]:
    """Where what is traced goes, read once: each store might change it."""
    lines = []
    for buffer, first in (("vectors", 3), ("numbers", 5)):
        pointer = f"POINTER_OR(words[{first}], words[{first + 1}], trace_{buffer})"
        lines.append(f"DEVICE real *traced_{buffer} = {pointer};")
    for position in range(len(run.trace)):
        word = f"words[{WORDS_BEFORE_SLOTS + position}]"
        lines.append(f"const size_t slot_{position} = (size_t){word};")
    return lines


def _trace(run: RunLayout) -> list[str]:
    """The fields that are wanted, each in a slot of `num_transitions` rows."""
    lines = []
    states = {name for name, _ in run.state}
    for position, (name, is_vector) in enumerate(run.trace):
        source = f"state_{name}" if name in states else f"info_{name}"
        slot = f"slot_{position}"
        row = f"(({slot} - 1) * (size_t)num_transitions + (size_t)k)"
        if is_vector:
            place = f"traced_vectors[VECTOR_PLACE({row})]"
            stored = [f"EACH_VECTOR {place} = {source}[i];"]
        else:
            stored = _store_pair(source, "traced_numbers", f"2 * {row}", "1")
        lines += [f"if ({slot} != 0) {{", *indented(stored), "}"]
    return lines
