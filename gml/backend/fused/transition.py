"""A sampler's transition printed in C: one function runs a block of a group of chains.

The text is the same for every model: it calls the density by a pointer, once a step,
for a whole group. So it is compiled once, and a new model compiles its density alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from gml.backend.fused.c import resource
from gml.backend.fused.phases import Phase, Spelling
from gml.backend.fused.symbols import SymbolicOperations, fields

if TYPE_CHECKING:
    from gml.samplers.transition import Fields, Sampler


@frozen
class RunLayout:
    """The names of the pointers and numbers of `struct run`, in order.

    `matrices`, then `state`, `trace` (state and info after every transition); each
    entry is a field's name and whether it is a vector of dimensions.
    """

    matrices: tuple[str, ...]
    scalars: tuple[str, ...]
    state: tuple[tuple[str, bool], ...]
    trace: tuple[tuple[str, bool], ...]


def layout(sampler: Sampler) -> RunLayout:
    """What a caller has to pass to `gml_run`, in the order of the struct."""
    tuning = sampler.tuning
    traced = sampler.state | sampler.info
    return RunLayout(
        tuple(n for n, shape in tuning.items() if shape == "matrix"),
        tuple(n for n, shape in tuning.items() if shape == "scalar"),
        tuple((n, shape == "dimension") for n, shape in sampler.state.items()),
        tuple((n, shape == "dimension") for n, shape in traced.items()),
    )


def print_transition(sampler: Sampler) -> str:
    """The C text of the blocks of a sampler; vector_math's stands before it."""
    headers = [resource(name) for name in ("groups.h", "transitions.h", "noise.h")]
    return "\n".join([*headers, *_struct(sampler), "", *_run(sampler), ""])


def _struct(sampler: Sampler) -> Iterator[str]:
    run = layout(sampler)
    yield "/* A block: arrays of all chains, a row a dimension. */"
    yield "struct run {"
    yield "  const void *data;"
    yield "  density_gradient *score_and_grad;"
    yield "  density_score *score; /* null where the sampler wants gradients */"
    yield "  int64_t ndim;"
    yield "  int64_t chains; /* with those that fill the last group */"
    yield "  int64_t num_transitions;"
    yield "  const int64_t *num_steps; /* [num_transitions] */"
    yield "  const uint32_t *keys; /* [num_transitions][2], of the noise */"
    yield "  const double *scalars; /* [num_transitions][number of tunables] */"
    for name in run.matrices:
        yield f"  const real *{name}; /* [ndim][ndim] */"
    for name, is_vector in run.state:
        kind, shape = (
            ("real", "[ndim][chains]") if is_vector else ("double", "[chains]")
        )
        yield f"  {kind} *state_{name}; /* {shape} */"
    for name, is_vector in run.trace:
        kind = "real" if is_vector else "double"
        yield f"  {kind} *trace_{name}; /* a row a transition, or null */"
    yield "};"


def _run(sampler: Sampler) -> list[str]:
    phases, arrays = print_phases(sampler)
    run = layout(sampler)
    vectors = [*_vectors("state", sampler.state), *_vectors("work", sampler.work)]
    vectors += [f"noise_{f.name}" for f in sampler.noise if f.per_dimension]
    vectors += arrays
    lines = _workspace(vectors)
    lines += _head(sampler, vectors)
    body = [*_noise(sampler), *_scalars(run)]
    body += phases["begin"]
    body += ["for (int64_t l = 0; l < run->num_steps[k]; l++) {"]
    body += [f"  {line}" for line in phases["step"]]
    body += ["}", *phases["finish"], *_trace(run)]
    lines += ["  for (int64_t k = 0; k < run->num_transitions; k++) {"]
    lines += [f"    {line}" for line in body]
    lines += ["  }", *_store_state(run), "}", "", *_ENTRY]
    return lines


def print_phases(
    sampler: Sampler, spelling: Spelling | None = None
) -> tuple[dict[str, list[str]], list[str]]:
    """The statements of begin, step and finish, and the arrays they need."""
    ops = SymbolicOperations()
    state, work = fields("state", sampler.state), fields("work", sampler.work)
    noise = fields(
        "noise",
        {f.name: "dimension" if f.per_dimension else "chain" for f in sampler.noise},
    )
    tuning = fields("tuning", sampler.tuning)
    begun = sampler.begin(ops, state, noise, tuning)
    stepped = sampler.step(ops, work, tuning)
    finished, info = sampler.finish(ops, state, work, noise, tuning)
    outputs = {
        "begin": _named("work", begun),
        "step": _named("work", stepped),
        "finish": _named("state", finished) | _named("info", info),
    }
    texts: dict[str, list[str]] = {}
    arrays: list[str] = []
    for name, results in outputs.items():
        phase = Phase(name, results, spelling or Spelling())
        texts[name] = ["{", *(f"  {line}" for line in phase.lines()), "}"]
        arrays += phase.arrays
    return texts, arrays


def _named(prefix: str, results: Fields) -> Fields:
    return {f"{prefix}_{name}": result for name, result in results.items()}


def _vectors(prefix: str, shapes: dict[str, str]) -> list[str]:
    return [f"{prefix}_{n}" for n, shape in shapes.items() if shape == "dimension"]


def _numbers(prefix: str, shapes: dict[str, str]) -> list[str]:
    return [f"{prefix}_{n}" for n, shape in shapes.items() if shape == "chain"]


def _workspace(vectors: list[str]) -> list[str]:
    return [
        "/* Bytes of workspace for one group, the density's not included. */",
        "int64_t gml_run_workspace_size(int64_t ndim) {",
        f"  return {len(vectors)} * ndim * G * (int64_t)sizeof(vreal);",
        "}",
        "",
    ]


def _head(sampler: Sampler, vectors: list[str]) -> list[str]:
    numbers = [*_numbers("state", sampler.state), *_numbers("work", sampler.work)]
    numbers += _numbers("info", sampler.info)
    numbers += [f"noise_{f.name}" for f in sampler.noise if not f.per_dimension]
    lines = [
        "static void run_group(const struct run *run, int64_t group, vreal *room) {",
        "  const int64_t ndim = run->ndim, chains = run->chains;",
        "  const int64_t first = group * G * VLEN;",
    ]
    for position, name in enumerate(vectors):
        lines.append(f"  vreal *restrict {name} = room + {position} * ndim * G;")
    lines.append(f"  vreal *workspace = room + {len(vectors)} * ndim * G;")
    lines.append(f"  vwide {', '.join(f'{name}[G]' for name in numbers)};")
    for name in layout(sampler).matrices:
        lines.append(f"  const real *restrict tuning_{name} = run->{name};")
    for name, is_vector in layout(sampler).state:
        target = f"state_{name}"
        if is_vector:
            arguments = f"ndim, chains, first, run->{target}, {target}"
            lines.append(f"  load_vectors({arguments});")
        else:
            lines.append(f"  load_numbers(first, run->{target}, {target});")
    return lines


def _noise(sampler: Sampler) -> list[str]:
    """Words of the same address as the scheduler's, in the order of the fields."""
    lines = ["const uint32_t *key = run->keys + 2 * k;"]
    start = "0"
    for noise in sampler.noise:
        size = "ndim" if noise.per_dimension else "1"
        target = f"noise_{noise.name}"
        if noise.per_dimension:
            arguments = f"key[0], key[1], first, {start}, {size}, {target}"
            lines.append(f"draw_{noise.kind}s({arguments});")
        else:
            lines.append(
                f"draw_{noise.kind}_number(key[0], key[1], first, {start}, {target});"
            )
        start = size if start == "0" else f"{start} + {size}"
    return lines


def _scalars(run: RunLayout) -> list[str]:
    count = len(run.scalars)
    return [
        f"const double tuning_{name} = run->scalars[{count} * k + {position}];"
        for position, name in enumerate(run.scalars)
    ]


def _trace(run: RunLayout) -> list[str]:
    lines = []
    states = {name for name, _ in run.state}
    for name, is_vector in run.trace:
        source = f"state_{name}" if name in states else f"info_{name}"
        target = f"run->trace_{name}"
        if is_vector:
            arguments = f"ndim, chains, first, {source}, {target} + k * ndim * chains"
            lines.append(f"if ({target}) store_vectors({arguments});")
        else:
            lines.append(
                f"if ({target}) store_numbers(first, {source}, {target} + k * chains);"
            )
    return lines


def _store_state(run: RunLayout) -> list[str]:
    lines = []
    for name, is_vector in run.state:
        source = f"state_{name}"
        if is_vector:
            arguments = f"ndim, chains, first, {source}, run->{source}"
            lines.append(f"  store_vectors({arguments});")
        else:
            lines.append(f"  store_numbers(first, {source}, run->{source});")
    return lines


_ENTRY = [
    "/* The groups first..last; each call has a workspace of its own. */",
    "void gml_run(",
    "  const struct run *run, int64_t first, int64_t last, real *workspace) {",
    "  for (int64_t group = first; group < last; group++)",
    "    run_group(run, group, (vreal *)workspace);",
    "}",
]
