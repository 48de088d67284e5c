import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gml.backend.fused.build import CompilerUnavailable, load_library
from gml.backend.fused.vector_math import prelude
from gml.schedule.noise import Stream, draw_words, step_keys
from gml.schedule.variates import normal, uniform

LOOPS = """
void words(uint32_t key0, uint32_t key1, long pairs, long chains, uint32_t *out) {
  for (long pair = 0; pair < pairs; pair++)
    for (long chain = 0; chain < chains; chain += VLEN) {
      vword first, second;
      gml_threefry2x32(key0, key1, vword_range(chain), vword_broadcast(pair),
                       &first, &second);
      uint32_t *row = out + 2 * pair * chains + chain;
      __builtin_memcpy(row, &first, sizeof first);
      __builtin_memcpy(row + chains, &second, sizeof second);
    }
}
void variates(long n, const uint32_t *words, real *normals, real *uniforms) {
  for (long i = 0; i < n; i += VLEN) {
    vword word;
    __builtin_memcpy(&word, words + i, sizeof word);
    vstore(normals + i, gml_normal_of_word(word));
    vstore(uniforms + i, gml_uniform_of_word(word));
  }
}
"""


@pytest.fixture(scope="module", params=["float32", "float64"])
def library(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ctypes.CDLL, str]]:
    define = "#define GML_DOUBLE\n" if request.param == "float64" else ""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GML_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        try:
            yield load_library(define + prelude() + LOOPS), request.param
        except CompilerUnavailable as error:
            pytest.skip(str(error))


def pointer(array: NDArray[Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def variates(
    library: tuple[ctypes.CDLL, str], words: NDArray[np.uint32]
) -> tuple[NDArray[Any], NDArray[Any]]:
    loaded, dtype = library
    normals, uniforms = np.empty(len(words), dtype), np.empty(len(words), dtype)
    count = ctypes.c_long(len(words))
    loaded.variates(count, pointer(words), pointer(normals), pointer(uniforms))
    return normals, uniforms


def edge_words() -> NDArray[np.uint32]:
    """The ends of both signs, both sides of the switch at 0.425, and others."""
    ends = np.array([0, 1, 2, 2**31 - 2, 2**31 - 1], np.uint32)
    switch = np.uint32(round(0.075 * 2**32)) + np.arange(-20, 20)
    others = np.random.default_rng(0).integers(0, 2**32, 5000)
    some = np.concatenate([ends, ends + 2**31, switch, switch + 2**31, others])
    return some[: len(some) // 64 * 64].astype(np.uint32)


def test_words_are_numpy_s_bit_for_bit(library: tuple[ctypes.CDLL, str]) -> None:
    key0, key1 = step_keys(2**40 + 7, Stream.TRANSITION, 11, 1)
    pairs, chains = 5, 128
    words = np.empty((2 * pairs, chains), np.uint32)
    keys = (ctypes.c_uint32(int(key0[0])), ctypes.c_uint32(int(key1[0])))
    sizes = (ctypes.c_long(pairs), ctypes.c_long(chains))
    library[0].words(*keys, *sizes, pointer(words))
    expected = draw_words((key0, key1), 2 * pairs, chains)[0]
    np.testing.assert_array_equal(words, expected)


def test_uniforms_are_numpy_s_bit_for_bit(library: tuple[ctypes.CDLL, str]) -> None:
    words = edge_words()
    _, uniforms = variates(library, words)
    np.testing.assert_array_equal(uniforms, uniform(np, words, library[1]))


def test_normals_are_numpy_s_up_to_rounding(library: tuple[ctypes.CDLL, str]) -> None:
    words = edge_words()
    normals, _ = variates(library, words)
    expected = normal(np, words, library[1])
    np.testing.assert_allclose(
        normals, expected, rtol=8 * np.finfo(normals.dtype).eps, atol=0
    )
    exact = normal(np, words, "float64")
    assert np.abs(normals - exact).max() < 20 * np.finfo(normals.dtype).eps


def test_normals_are_symmetric_bit_for_bit(library: tuple[ctypes.CDLL, str]) -> None:
    words = edge_words()
    there, _ = variates(library, words)
    back, _ = variates(library, words ^ np.uint32(2**31))
    np.testing.assert_array_equal(back, -there)
