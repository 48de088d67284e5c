"""Many gradients, or the noise of many transitions, in one call of a generated kernel.

A call from Python costs as much as several gradients of a small model.
"""

from __future__ import annotations

import ctypes

import numpy as np
from timing import Work

from gml.backend.fused.build import load_library
from gml.backend.fused.interface import Kernel, aligned
from gml.backend.fused.posterior import FusedPosterior, kernel_text, transition_text
from gml.samplers import SAMPLERS

GRADIENTS = """
void benchmark_gradients(
  const struct data *data, int64_t count, real *position, double *score, real *gradient,
  real *workspace) {
  const int64_t elements = num_dimensions(data) * G;
  for (int64_t i = 0; i < count; i++) {
    score_and_grad(data, (vreal *)position, (vwide *)score, (vreal *)gradient,
                   (vreal *)workspace);
    for (int64_t e = 0; e < elements; e++)
      ((vreal *)position)[e] += C(1e-5) * ((vreal *)gradient)[e];
  }
}
"""
NOISE = """
void benchmark_noise(int64_t ndim, int64_t count, real *normals, double *uniforms) {
  for (int64_t i = 0; i < count; i++) {
    draw_normals((uint32_t)i, 7, 0, 0, ndim, (vreal *)normals);
    draw_uniform_number((uint32_t)i, 7, 0, ndim, (vwide *)uniforms);
  }
}
"""


def gradient_work(posterior: FusedPosterior, count: int) -> tuple[int, Work]:
    """How many chains are in a group, and a work of so many gradients of one group."""
    density, dtype = posterior.density, np.dtype(posterior.dtype)
    text = kernel_text(density, posterior.dtype, with_score=False) + GRADIENTS
    library, sizes = load_library(text), posterior.sizes
    kernel = Kernel(library, density, sizes, posterior.host_arrays, posterior.dtype)
    number = kernel.num_dimensions * kernel.group_size
    position, gradient = aligned(number, dtype), aligned(number, dtype)
    score = aligned(kernel.group_size, np.dtype(np.float64))
    workspace = aligned(kernel.sized("gml_workspace_size") + 64, np.dtype(np.uint8))
    function = kernel.function("benchmark_gradients")

    def work() -> None:
        position[:] = 0
        data = ctypes.c_void_p(kernel.data_address)
        arrays = pointers(position, score, gradient, workspace)
        function(data, ctypes.c_int64(count), *arrays)

    return kernel.group_size, work


def noise_work(posterior: FusedPosterior, count: int) -> Work:
    """The noise of so many transitions of one group, as a block draws it."""
    dtype = np.dtype(posterior.dtype)
    library = load_library(transition_text(SAMPLERS["hmc"], dtype.name) + NOISE)
    chains = posterior.kernel(SAMPLERS["hmc"]).group_size
    normals = aligned((posterior.ndim + 1) * chains, dtype)
    uniforms = aligned(chains, np.dtype(np.float64))
    numbers = ctypes.c_int64(posterior.ndim), ctypes.c_int64(count)

    def work() -> None:
        library.benchmark_noise(*numbers, *pointers(normals, uniforms))

    return work


def pointers(*arrays: np.ndarray) -> list[ctypes.c_void_p]:
    """The caller keeps the arrays alive."""
    return [ctypes.c_void_p(array.ctypes.data) for array in arrays]
