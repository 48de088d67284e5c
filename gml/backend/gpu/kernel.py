"""The whole text of a kernel: a header of functions and the body of one entry."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from gml.backend.fused.c import without_corrections
from gml.backend.fused.c_segment import indented
from gml.backend.fused.transition import layout
from gml.backend.fused.unsupported import Unsupported
from gml.backend.fused.values import Loop
from gml.backend.fused.vector_math import functions
from gml.backend.gpu.dialect import Dialect, text_of
from gml.backend.gpu.function import Function
from gml.backend.gpu.transition import WORDS_BEFORE_SLOTS, kernel_body
from gml.backend.gpu.trips import WARP
from gml.backend.layout import position_dimension, size_value
from gml.ir.liveness import needed_for
from gml.ir.nodes import SCORE, Density

if TYPE_CHECKING:
    from gml.samplers.transition import Sampler

INPUTS = ("reals", "integers", "matrices", "words", "scalars", "vectors", "numbers")
OUTPUTS = ("vectors_out", "numbers_out", "trace_vectors", "trace_numbers")
# Vectors of more elements are arrays in local memory: their loops stay loops.
_MOST_UNROLLED = {1: 16, WARP: 32}


# Of a density that stands in a kernel twice; more are not worth the time to compile.
_MOST_LINES_TWICE = 300


@frozen
class Shape:
    """How chains are laid on threads.

    Attributes
    ----------
    lanes
        Threads that share one chain, 1 or 32.
    threads
        Threads in a block.
    is_staged
        Whether data are copied to the memory that a block shares.
    """

    lanes: int = 1
    threads: int = 64
    is_staged: bool = False


@frozen
class KernelText:
    """A kernel as `mx.fast.cuda_kernel` and `mx.fast.metal_kernel` take it."""

    header: str
    body: str
    shape: Shape
    function: Function = field(repr=False, eq=False)

    name: str = field(init=False)

    @name.default
    def _name(self) -> str:
        """By its text: MLX finds compiled kernels by their names alone."""
        text = f"{self.header}\0{self.body}"
        return "gml_" + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()

    @property
    def text(self) -> str:
        """For people: the body as a function."""
        arguments = ", ".join((*INPUTS, *OUTPUTS))
        return f"{self.header}\n/* kernel({arguments}) */ {{\n{self.body}}}\n"


def make_function(
    density: Density,
    sampler: Sampler,
    dialect: Dialect,
    sizes: Mapping[str, int] | None,
    is_worth_it: Callable[[Loop], bool] | None,
    with_origins: bool = False,
) -> Function:
    """The function of a density that a sampler's blocks call."""
    if not sampler.uses_gradient:
        body = needed_for(without_corrections(density), (SCORE,))
        density = evolve(density, gradient=(), body=body)
    if is_worth_it is None:
        return Function(density, dialect.words, sizes, None, with_origins)
    return Function(density, dialect.words, sizes, is_worth_it, with_origins)


def print_kernel(
    function: Function, sampler: Sampler, dialect: Dialect, shape: Shape
) -> KernelText:
    """The kernel of a block of a sampler's transitions on a density."""
    density = function.lines()
    header = "\n".join(
        [
            text_of(dialect.header),
            text_of("types.h"),
            functions(),
            *_constants(function, sampler, shape),
            text_of("gpu.h"),
            text_of("transitions.h"),
            *density,
            "",
        ]
    )
    lines = [
        *_places(function, sampler, dialect, shape),
        *kernel_body(sampler, shape.lanes, len(density) <= _MOST_LINES_TWICE),
    ]
    body = "\n".join(indented(lines)) + "\n"
    return KernelText(_without_hexadecimal(header), body, shape, function)


def _constants(function: Function, sampler: Sampler, shape: Shape) -> list[str]:
    """Sizes are part of the text: loops are unrolled, and arrays are registers."""
    names, sizes = function.places.names, function.sizes
    lines = []
    for dim in function.density.dims:
        if dim.size is not None:
            continue
        text = names.dim(dim.name).text
        value = "/* from the data */" if sizes is None else str(sizes[dim.name])
        lines.append(f"#define {text} {value}")
    data = "SHARED" if shape.is_staged else "DEVICE"
    dimension = function.dimension()
    width = WARP
    if sizes is not None:
        ndim = position_dimension(function.density, sizes)
        dimension = str(ndim)
        width = min(WARP, 1 << max(ndim - 1, 0).bit_length())
    vectors = sum(noise.per_dimension for noise in sampler.noise)
    own = "NDIM" if shape.lanes == 1 else "((NDIM + LANES - 1) / LANES)"
    return [
        *lines,
        f"#define NDIM ({dimension})",
        f"#define NUM_WORDS ({vectors} * NDIM + {len(sampler.noise) - vectors})",
        f"#define LANES {shape.lanes}",
        f"#define OWN {own}",
        f"#define SHARE_WIDTH {width}",
        f"#define MOST_UNROLLED {_MOST_UNROLLED[shape.lanes]}",
        f"#define DATA {data}",
        f"#define MATRICES {data}",
    ]


def _places(
    function: Function, sampler: Sampler, dialect: Dialect, shape: Shape
) -> list[str]:
    """Which chain this is, and where its data are."""
    run = layout(sampler)
    matrices = f"{2 * len(run.matrices)} * NDIM * NDIM"
    num_reals, num_integers = function.packed_sizes()
    lines = [
        "#undef FIRST_STEP",
        f"#define FIRST_STEP {WORDS_BEFORE_SLOTS + len(run.trace)}",
        "#undef NUMBER_PLACE",
        "#define NUMBER_PLACE(row) ((size_t)(row) * (size_t)chains + (size_t)chain)",
        "const int chains = (int)words[0], num_transitions = (int)words[1];",
        "const bool is_evaluation = words[2] != 0;",
        "const int lane = THREAD_IN_BLOCK % LANES, chain = THREAD_IN_GRID / LANES;",
    ]
    if shape.is_staged:
        lines += [
            f"SHARED_ARRAY real own_reals[ROOM({num_reals})];",
            f"SHARED_ARRAY int own_integers[ROOM({num_integers})];",
            f"SHARED_ARRAY real own_matrices[ROOM({matrices})];",
            _staged("reals", num_reals),
            _staged("integers", num_integers),
            _staged("matrices", matrices),
            "BLOCK_SYNC();",
        ]
    prefix = "own_" if shape.is_staged else ""
    lines += [
        "#undef DATA_ARGUMENTS",
        f"#define DATA_ARGUMENTS {prefix}reals, {prefix}integers",
        "#undef MATRICES_PLACE",
        f"#define MATRICES_PLACE {prefix}matrices",
    ]
    if shape.lanes > 1:
        warps = shape.threads // shape.lanes
        lines += [
            "#if !IS_SHORT",
            f"SHARED_ARRAY real all_whole[{warps} * NDIM];",
            "SHARED real *whole = all_whole + THREAD_IN_BLOCK / LANES * NDIM;",
            "#endif",
        ]
    return [*lines, "if (chain >= chains) return;"]


def _staged(name: str, count: str) -> str:
    header = f"int i = THREAD_IN_BLOCK; i < {count}; i += THREADS_IN_BLOCK"
    return f"for ({header}) own_{name}[i] = {name}[i];"


def shared_bytes(function: Function, sampler: Sampler, sizes: Mapping[str, int]) -> int:
    """What data, matrices and positions of four warps take of a block's memory."""
    ndim = position_dimension(function.density, sizes)
    data = sum(1 + _count(function, array.shape, sizes) for array in function.given)
    matrices = 2 * len(layout(sampler).matrices) * ndim * ndim
    return 4 * (data + matrices + 4 * ndim)


def _count(function: Function, shape: tuple, sizes: Mapping[str, int]) -> int:  # type: ignore[type-arg]
    literal = {d.name: d.size for d in function.density.dims if d.size is not None}
    count = 1
    for extent in shape:
        count *= size_value(extent, literal | dict(sizes))
    return count


def check_size(function: Function, sizes: Mapping[str, int], limit: int) -> None:
    """Refuse what a thread's own memory does not hold."""
    total = 0
    for array in function.own_arrays:
        total += 4 * (function.places.known_length(array.name) or 0)
    total += 4 * 14 * position_dimension(function.density, sizes)
    if total > limit:
        raise Unsupported(f"a chain needs {total:,} bytes of a GPU thread's own memory")


_HEXADECIMAL = re.compile(r"-?0x[0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?p[+-]?\d+")


def _without_hexadecimal(text: str) -> str:
    """Metal is C++14, which has no hexadecimal floating-point literals."""
    return _HEXADECIMAL.sub(lambda match: repr(float.fromhex(match.group())), text)
