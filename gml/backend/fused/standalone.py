"""A density as one C file that needs nothing else, for programs of other people.

With data it has everything in it; without, the caller fills in the `struct data`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from gml.backend.fused.c import print_c, resource
from gml.backend.fused.posterior import GROUP_VECTORS
from gml.backend.fused.storage import GIVEN, StorageNames
from gml.backend.fused.vector_math import prelude
from gml.backend.host import evaluate_host, score_constant
from gml.backend.layout import site_slices
from gml.ir.nodes import Density, Scalar
from gml.ir.printer import print_expr, print_statement

_NUMBERS_A_LINE = 6

_COMPILE = """\
Compile it with GCC or clang, for instance as a shared library:

  cc -std=gnu11 -O3 -march=native -fno-math-errno -shared -fPIC FILE.c -o libmodel.so

Without -ffast-math, which would lose NaN and infinity. It calls no library but malloc.
"""

_ABI = """\
  int64_t gml_model_ndim(void);
    The number of unconstrained parameters.

  int gml_model_score(int64_t num_chains, const double *position, double *score);
  int gml_model_score_and_grad(int64_t num_chains, const double *position,
                               double *score, double *gradient);
    position and gradient are arrays [ndim][num_chains] in C order: for one chain, plain
    vectors. score is [num_chains]: the complete log density, with all constants and the
    log Jacobian of the transforms. They return 0, or 1 where there is no memory. They
    keep nothing between calls and may be called from several threads at once. A score
    outside the support is -INFINITY or NAN, never a trap.
"""

_ABI_OF_GROUPS = """\
This file has no data in it: the caller fills in a `struct data`, which is declared
below, sizes first and then pointers to arrays in C order, each with one element more
than its shape says (what a kernel may read it may read ahead). Arrays that are no data
of the model are made of them by the statements beside the declaration.

  int64_t gml_group_size(void);
    How many chains a group has: positions come in groups.
  int64_t gml_num_dimensions(const struct data *data);
    The number of unconstrained parameters.
  int64_t gml_workspace_size(const struct data *data);
    Bytes that a thread needs to work in.
  void gml_score(const struct data *data, int64_t num_groups, const real *position,
                 double *score, real *workspace);
  void gml_score_and_grad(const struct data *data, int64_t num_groups,
                          const real *position, double *score, real *gradient,
                          real *workspace);
    position and gradient are arrays [num_groups][ndim][group size], score is
    [num_groups][group size], all aligned to 64 bytes. `score_constant`, where there is
    one, is the caller's to add to each score.
"""


def print_standalone(
    density: Density,
    dtype: str,
    sizes: Mapping[str, int] | None = None,
    data: Mapping[str, ArrayLike] | None = None,
) -> str:
    """A C file with the score and the gradient of a density.

    Parameters
    ----------
    density
        With its gradient, its plates fused.
    dtype
        The working precision, "float32" or "float64".
    sizes, data
        The number of elements of each dim, and the user's arrays. Without them the
        functions take a struct of data.

    Raises
    ------
    Unsupported
        When the density has no form in C.
    """
    macros = [f"#define G {GROUP_VECTORS}"]
    macros += ["#define GML_DOUBLE"] if dtype == "float64" else []
    is_whole = sizes is not None and data is not None
    parts = [
        _comment(_introduction(density, dtype, sizes)),
        "\n".join([*(["#include <stdlib.h>"] if is_whole else []), *macros]),
        prelude(),
        print_c(density),
    ]
    if sizes is not None and data is not None:
        host = evaluate_host(density, sizes, data)
        parts += ["\n".join(_data(density, sizes, host)), resource("standalone.h")]
    return "\n".join(parts)


def _introduction(density: Density, dtype: str, sizes: Mapping[str, int] | None) -> str:
    lines = [
        f"{density.name}: the log density of its unconstrained parameters, and the",
        f"gradient, computed in {dtype}. Made by gmlc.",
        "",
        *_COMPILE.splitlines(),
        "",
        *(_ABI if sizes is not None else _ABI_OF_GROUPS).splitlines(),
        "",
        "The parameters, in the order of the position:",
        "",
        *_sites(density, sizes),
    ]
    if sizes is None and density.host:
        lines += ["", "What is made of the data, in index notation:", ""]
        arrays = density.arrays
        for stmt in density.host:
            shown = print_statement(stmt, arrays).splitlines()
            lines += [f"  {line}" for line in shown]
    return "\n".join(lines)


def _sites(density: Density, sizes: Mapping[str, int] | None) -> list[str]:
    if sizes is None:
        return [
            f"  {site.name}: "
            + _shape([print_expr(e) for e in density.array(site.position).shape])
            for site in density.sites
        ]
    return [
        f"  {part.start}..{part.stop} (half open)  {site.name}: "
        + _shape([str(extent) for extent in shape])
        for site, part, shape in site_slices(density, sizes)
    ]


def _shape(extents: list[str]) -> str:
    return f"[{', '.join(extents)}]" if extents else "a scalar"


def _comment(text: str) -> str:
    body = text.replace("*/", "* /").splitlines()
    rest = (f" * {line}".rstrip() for line in body[1:])
    return "\n".join([f"/* {body[0]}", *rest, " */"])


# ------------------------------------------------------------------------- data


def _data(
    density: Density, sizes: Mapping[str, int], host: Mapping[str, ArrayLike]
) -> list[str]:
    """Arrays of numbers, the struct that points to them, the constant of the score."""
    storage = StorageNames.of(density)
    lines = ["/* ---- the data ---- */"]
    values = [f"{sizes[dim.name]}" for dim in density.dims if dim.size is None]
    for array in storage.arrays(*GIVEN):
        name = f"data_of_{storage.array_name(array.name)}"
        numbers = np.append(np.asarray(host[array.name]).ravel(), 0)
        texts = [_number(x, array.scalar) for x in numbers.tolist()]
        lines += [f"static const {storage.given_type(array)} {name}[] = {{"]
        for start in range(0, len(texts), _NUMBERS_A_LINE):
            lines.append(f"  {', '.join(texts[start : start + _NUMBERS_A_LINE])},")
        lines.append("};")
        values.append(name)
    fields = ", ".join(values) or "0"
    lines.append(f"static const struct data model_data = {{{fields}}};")
    constant = _number(score_constant(dict(host)), Scalar.REAL)  # type: ignore[arg-type]
    return [*lines, f"#define SCORE_CONSTANT ({constant})", ""]


def _number(value: float, scalar: Scalar) -> str:
    if scalar is not Scalar.REAL:
        return str(int(value))
    if value != value:
        return '__builtin_nan("")'
    if value in (float("inf"), float("-inf")):
        return f"{'-' if value < 0 else ''}__builtin_inf()"
    return repr(float(value))
