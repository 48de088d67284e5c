"""A density as C: its score and gradient for a group of chains.

A group is G vectors of VLEN chains. The text needs vector_math's before it. It depends
on the structure of the density alone: sizes and data are arguments.
"""

from __future__ import annotations

from importlib.resources import files

from attrs import evolve

from gml.backend.fused.c_function import Function, words
from gml.backend.fused.c_segment import indented
from gml.backend.fused.storage import GIVEN, StorageNames
from gml.ir.liveness import needed_for, reads_of
from gml.ir.nodes import SCORE, Add, Density, Stmt, Storage
from gml.ir.printer import print_expr


def print_c(density: Density, with_origins: bool = True) -> str:
    """The C functions of a density.

    Parameters
    ----------
    density
        Differentiated.
    with_origins
        Whether comments say which line of the model each statement comes from.

    Returns
    -------
    str
        `struct data`, the functions `score_only` and `score_and_grad` of one group of
        chains, and entry points that run them on many groups.

    Raises
    ------
    Unsupported
        When the density cannot be a kernel.
    """
    score_density = evolve(
        density, gradient=(), body=needed_for(without_corrections(density), (SCORE,))
    )
    whole = Function(density, StorageNames.of(density), with_origins)
    score = Function(score_density, StorageNames.of(density), with_origins)
    lines = [
        *_struct(whole.storage),
        "",
        *_sizes(whole, score),
        "",
        "#ifndef GML_NO_SCORE /* defined where only gradients are wanted */",
        f"/* {density.name}: the log density of G * VLEN chains. */",
        *score.lines("score_only", with_gradient=False),
        "#endif",
        "",
        f"/* {density.name}: the log density and its gradient. */",
        *whole.lines("score_and_grad", with_gradient=True),
        "",
    ]
    return resource("groups.h") + "\n" + "\n".join(lines) + resource("entry_points.h")


def without_corrections(density: Density) -> tuple[Stmt, ...]:
    """The body without corrections of its score (see passes/compensate_rounding.py)."""
    adjoints = {a.name for a in density.arrays if a.storage is Storage.ADJOINT}

    def is_correction(stmt: Stmt) -> bool:
        is_of_score = isinstance(stmt, Add) and stmt.array == SCORE
        return is_of_score and bool(reads_of(stmt) & adjoints)

    return tuple(stmt for stmt in density.body if not is_correction(stmt))


def resource(name: str) -> str:
    """A C text of this package."""
    return files("gml.backend.fused").joinpath(name).read_text(encoding="utf-8")


def _struct(storage: StorageNames) -> list[str]:
    """The sizes and the data, in the order of `interface.fields`."""
    fields = [f"int64_t {name};" for name in storage.dims()]
    for array in storage.arrays(*GIVEN):
        shape = ", ".join(print_expr(extent) for extent in array.shape)
        name = storage.array_name(array.name)
        fields.append(f"const {storage.given_type(array)} *{name}; /* [{shape}] */")
    return ["struct data {", *indented(fields or ["int64_t unused;"]), "};"]


def _sizes(whole: Function, score: Function) -> list[str]:
    """Functions of the sizes: the position's dimension, the workspace's elements."""
    density = whole.density
    position = [density.array(site.position) for site in density.sites]
    needs = [function.offsets(function.workspace())[-1] for function in (score, whole)]
    elements = needs[1] if needs[0] in needs[1] else f"larger({needs[0]}, {needs[1]})"
    lines = []
    for name, text in (
        ("num_dimensions", whole.offsets(position)[-1]),
        ("workspace_elements", elements),
    ):
        sizes = [dim for dim in whole.storage.dims() if dim in words([text])]
        lines += [
            f"static int64_t {name}(const struct data *data) {{",
            *(f"  const int64_t {dim} = data->{dim};" for dim in sizes),
            *([] if sizes else ["  (void)data;"]),
            f"  return {text};",
            "}",
            "",
        ]
    return lines[:-1]
