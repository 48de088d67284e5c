"""Errors in units of the last place (ulp), against SciPy in float64 and mpmath."""

import ctypes
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from gml.backend.fused.build import CompilerUnavailable, load_library
from gml.backend.fused.vector_math import prelude
from gml.ir.primitives import PRIMITIVES

from .fit_polynomials import FITS, largest_error

Values = NDArray[Any]

UNARY = """
    abs negate square floor ceil sqrt exp expm1 sigmoid tanh log log1p softplus
    log1m_exp sin cos tan atan erf erfc lgamma digamma trigamma
""".split()  # noqa: SIM905 - a list would take as many lines as names
BINARY = ["minimum", "maximum", "log_add_exp", "power"]
ROUNDINGS = ["exp_rounding", "reciprocal_rounding"]
# C's own operators, or functions of masks
OPERATORS = """
    add subtract multiply divide select less less_equal equal not_equal
    and or not real int
""".split()  # noqa: SIM905

UNARY_LOOP = """
void map_{name}(long n, const real *x, real *y) {{
  for (long i = 0; i < n; i += VLEN) vstore(y + i, gml_{name}(vload(x + i)));
}}"""
BINARY_LOOP = """
void map_{name}(long n, const real *a, const real *b, real *y) {{
  for (long i = 0; i < n; i += VLEN)
    vstore(y + i, gml_{name}(vload(a + i), vload(b + i)));
}}"""
PAIR_LOOP = """
void map_{name}(long n, const real *x, real *y) {{
  for (long i = 0; i < n; i += VLEN) {{
    vreal first, second;
    gml_{name}(vload(x + i), &first, &second);
    vstore(y + i, first);
    vstore(y + n + i, second);
  }}
}}"""
PAIRS = ["softplus_sigmoid", "sincos"]


class Library:
    """Every function as a loop over an array, in one precision."""

    def __init__(self, dtype: str) -> None:
        define = "#define GML_DOUBLE\n" if dtype == "float64" else ""
        loops = [UNARY_LOOP.format(name=name) for name in UNARY]
        loops += [BINARY_LOOP.format(name=name) for name in (*BINARY, *ROUNDINGS)]
        loops += [PAIR_LOOP.format(name=name) for name in PAIRS]
        self.dtype = np.dtype(dtype)
        self.library = load_library(define + prelude() + "\n".join(loops))

    def __call__(self, name: str, *arguments: Values, results: int = 1) -> Values:
        size = len(arguments[0])
        padded = -(-size // 64) * 64
        arrays = [np.ones(padded, self.dtype) for _ in arguments]
        for array, argument in zip(arrays, arguments, strict=True):
            array[:size] = argument
        result = np.empty((results, padded), self.dtype)
        pointers = [ctypes.c_void_p(a.ctypes.data) for a in (*arrays, result)]
        getattr(self.library, f"map_{name}")(ctypes.c_long(padded), *pointers)
        return result[0, :size] if results == 1 else result[:, :size]


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Library]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GML_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        try:
            yield {dtype: Library(dtype) for dtype in ("float32", "float64")}
        except CompilerUnavailable as error:
            pytest.skip(str(error))


@pytest.fixture(params=["float32", "float64"])
def library(libraries: dict[str, Library], request: pytest.FixtureRequest) -> Library:
    return libraries[request.param]


def ulp_errors(values: Values, expected: Any) -> Values:
    """Against an array of float64, or a list of mpmath numbers."""
    if isinstance(expected, list):
        pairs = zip(values.tolist(), expected, strict=True)
        distance = np.array([float(abs(value - exact)) for value, exact in pairs])
        expected = np.array([float(exact) for exact in expected])
    else:
        distance = np.abs(values.astype(np.float64) - expected)
    nearest = expected.astype(values.dtype)
    is_same = (values == nearest) | (np.isnan(values) & np.isnan(nearest))
    unit = np.spacing(np.maximum(np.abs(nearest), np.finfo(values.dtype).tiny))
    errors = np.where(is_same, 0, distance / unit)
    return np.where(np.isnan(errors), np.inf, errors)


def every_float32() -> Values:
    """Every 2^13th: all exponents, both signs, infinities and NaN."""
    bits = np.arange(0, 2**32, 2**13 - 1, dtype=np.uint64).astype(np.uint32)
    return bits.view(np.float32)


def spread(rng: np.random.Generator, low: float, high: float, size: int) -> Values:
    """Numbers near zero, near one and over the whole interval."""
    scales = rng.choice([1e-6, 1e-2, 0.3, 1.0, 3.0, 30.0], size)
    near = rng.normal(size=size) * scales
    over = rng.uniform(low, high, size)
    chosen = np.concatenate([near, 1 + near / 30, over])
    return chosen[(chosen >= low) & (chosen <= high)]


# name -> oracle in float64 arrays, oracle in mpmath, domain of the float64 test, and
# the greatest error in ulp in float32 and in float64.
FUNCTIONS: dict[
    str,
    tuple[Callable[..., Any], Callable[..., Any], tuple[float, float], float, float],
] = {
    "sqrt": (np.sqrt, mp.sqrt, (0, 1e300), 0.51, 0.51),
    "exp": (np.exp, mp.exp, (-745, 709.7), 1.1, 1.1),
    "expm1": (np.expm1, mp.expm1, (-40, 709.7), 1.8, 2.1),
    "log": (np.log, mp.log, (1e-300, 1e300), 1.0, 1.0),
    "log1p": (np.log1p, mp.log1p, (-1, 1e300), 1.6, 1.6),
    "sigmoid": (special.expit, lambda x: 1 / (1 + mp.exp(-x)), (-700, 60), 2.5, 2.5),
    "softplus": (
        lambda x: np.logaddexp(0, x),
        lambda x: mp.log1p(mp.exp(x)) if x < 100 else x,
        (-700, 800),
        2.2,
        2.2,
    ),
    "tanh": (np.tanh, mp.tanh, (-30, 30), 1.6, 1.6),
    "sin": (np.sin, mp.sin, (-9e5, 9e5), 2.5, 2.5),
    "cos": (np.cos, mp.cos, (-9e5, 9e5), 2.5, 2.5),
    "tan": (np.tan, mp.tan, (-9e5, 9e5), 4, 4),
    "atan": (np.arctan, mp.atan, (-1e6, 1e6), 2, 2),
    "erf": (special.erf, mp.erf, (-7, 7), 2.5, 3),
    "erfc": (special.erfc, mp.erfc, (-7, 26.5), 4.5, 5.5),
    "lgamma": (special.gammaln, mp.loggamma, (1e-300, 1e6), 4, 4),
    "digamma": (special.digamma, mp.digamma, (1e-300, 1e6), 4, 4),
    "trigamma": (
        lambda x: special.polygamma(1, x),
        lambda x: mp.psi(1, x),
        (1e-150, 1e6),
        4,
        4,
    ),
}
each_function = pytest.mark.parametrize("name", FUNCTIONS)


@each_function
def test_float32_error_over_all_numbers(
    name: str, libraries: dict[str, Library]
) -> None:
    oracle, _, _, bound, _ = FUNCTIONS[name]
    x = every_float32()
    if name in ("sin", "cos", "tan"):
        x = x[~(np.abs(x) > 1e15)]
    if name in ("lgamma", "digamma", "trigamma"):
        x = x[~(x < 0)]
    with np.errstate(all="ignore"):
        expected = oracle(x.astype(np.float64))
    if name in ("sigmoid", "softplus"):
        # Their exponential is 0 below twice the least normal number.
        expected = np.where(expected < 3e-38, 0, expected)
    values = libraries["float32"](name, x)
    if name in ("sigmoid", "softplus"):
        values = np.where(values < 3e-38, 0, values)
    with np.errstate(all="ignore"):
        errors = ulp_errors(values, expected)
    worst = int(np.argmax(errors))
    assert errors[worst] <= bound, (x[worst], values[worst], expected[worst])


@each_function
def test_float64_error(name: str, libraries: dict[str, Library]) -> None:
    _, oracle, (low, high), _, bound = FUNCTIONS[name]
    rng = np.random.default_rng(20)
    x = spread(rng, low, high, 60 if "gamma" in name else 150)
    expected = [oracle(mp.mpf(v)) for v in x.tolist()]
    values = libraries["float64"](name, x)
    errors = ulp_errors(values, expected)
    worst = int(np.argmax(errors))
    assert errors[worst] <= bound, (x[worst], values[worst], expected[worst])


EDGES: dict[str, tuple[Callable[..., Any], str]] = {
    name: (row[0], "-inf -1e30 -2.5 -1 -0.0 0.0 1 2 1e30 inf nan")
    for name, row in FUNCTIONS.items()
} | {
    "abs": (np.abs, "-inf -2 -0.0 0.0 3 inf nan"),
    "negate": (np.negative, "-inf -2 -0.0 0.0 3 inf nan"),
    "square": (np.square, "-inf -2 -0.0 0.0 3 inf nan"),
    "floor": (np.floor, "-inf -1e30 -2.5 -2 -0.5 -0.0 0.0 0.5 0.75 2 1e30 inf nan"),
    "ceil": (np.ceil, "-inf -1e30 -2.5 -2 -0.5 -0.0 0.0 0.5 0.75 2 1e30 inf nan"),
    "lgamma": (
        lambda x: np.array([math.lgamma(v) for v in x]),
        "-inf 0.5 1 1.5 2 3 1e30 inf nan",
    ),
    "trigamma": (FUNCTIONS["trigamma"][0], "-2.5 -1 -0.0 0.0 1 2 1e30 inf nan"),
    "log1m_exp": (
        lambda x: np.where(x > -1, np.log(-np.expm1(x)), np.log1p(-np.exp(x))),
        "-inf -1e30 -40 -2.5 -0.6931 -1e-30 -0.0 0.0 1 inf nan",
    ),
}


@pytest.mark.parametrize("name", EDGES)
def test_edges_are_those_of_the_c_library(name: str, library: Library) -> None:
    oracle, text = EDGES[name]
    x = np.array([float(word) for word in text.split()], library.dtype)
    if name in ("sin", "cos", "tan"):
        x = x[~(np.abs(x) == np.float32(1e30))]
    with np.errstate(all="ignore"):
        expected = oracle(x.astype(np.float64)).astype(library.dtype)
    values = library(name, x)
    np.testing.assert_allclose(values, expected, rtol=8 * np.finfo(values.dtype).eps)
    is_zero = expected == 0
    if name not in ("log1m_exp", "lgamma"):
        signs = np.signbit(values[is_zero]), np.signbit(expected[is_zero])
        np.testing.assert_array_equal(*signs)


def test_large_angles_are_the_library_s(library: Library) -> None:
    x = np.array([1e6, -3e7, 1e15, 0.5, 1e30], library.dtype)
    wide = x.astype(np.float64)
    eps = 8 * np.finfo(library.dtype).eps
    for name in ("sin", "cos"):
        expected = [float(getattr(mp, name)(mp.mpf(v))) for v in wide.tolist()]
        np.testing.assert_allclose(library(name, x), expected, rtol=eps)


@pytest.mark.parametrize("name", ["lgamma", "digamma", "trigamma"])
def test_reflected_gammas(name: str, library: Library) -> None:
    """Relative to the two terms that cancel, which no formula of this kind avoids."""
    x = np.random.default_rng(3).uniform(-12, 0, 100).astype(library.dtype)
    oracle = {"lgamma": lambda x: mp.log(abs(mp.gamma(x)))}.get(
        name, FUNCTIONS[name][1]
    )
    expected = np.array([float(oracle(mp.mpf(v))) for v in x.tolist()])
    positive = np.array([float(abs(oracle(1 - mp.mpf(v)))) for v in x.tolist()])
    errors = np.abs(library(name, x) - expected) / (np.abs(expected) + positive + 1)
    assert errors.max() < 8 * np.finfo(library.dtype).eps


def test_log1m_exp(library: Library) -> None:
    x = -np.exp(np.random.default_rng(4).uniform(-60, 4, 400)).astype(library.dtype)
    expected = [mp.log(-mp.expm1(mp.mpf(v))) for v in x.tolist()]
    errors = ulp_errors(library("log1m_exp", x), expected)
    assert errors.max() <= 3.5


def test_extremes_propagate_nan(library: Library) -> None:
    values = [-np.inf, -1.0, 0.0, 2.0, np.inf, np.nan]
    a, b = (m.ravel() for m in np.meshgrid(values, values))
    np.testing.assert_array_equal(library("minimum", a, b), np.minimum(a, b))
    np.testing.assert_array_equal(library("maximum", a, b), np.maximum(a, b))


def test_log_add_exp(library: Library) -> None:
    values = [-np.inf, -800.0, -1.0, 0.0, 1e-3, 2.0, 3.5, 800.0, np.inf, np.nan]
    a, b = (m.ravel() for m in np.meshgrid(values, values))
    a, b = a.astype(library.dtype), b.astype(library.dtype)
    with np.errstate(invalid="ignore"):
        expected = np.logaddexp(a.astype(np.float64), b.astype(np.float64))
    np.testing.assert_allclose(
        library("log_add_exp", a, b), expected, rtol=4 * np.finfo(library.dtype).eps
    )


def test_power_is_c_s_pow_at_the_edges(library: Library) -> None:
    values = [0.0, 0.5, 1.0, 2.0, 2.5, 3.0, 1e30, 2.0**24, 2.0**24 - 1, np.inf]
    both = np.array([*values, *(-v for v in values), np.nan], library.dtype)
    a, b = (m.ravel() for m in np.meshgrid(both, both))
    with np.errstate(all="ignore"):
        expected = np.power(a, b)
    found = library("power", a, b)
    np.testing.assert_allclose(found, expected, rtol=4 * np.finfo(found.dtype).eps)
    comparable = ~np.isnan(expected)
    np.testing.assert_array_equal(
        np.signbit(found[comparable]), np.signbit(expected[comparable])
    )


def test_power_error(library: Library) -> None:
    rng = np.random.default_rng(5)
    log_a, b = rng.uniform(-30, 30, 300), rng.uniform(-2.5, 2.5, 300)
    a, b = np.exp(log_a).astype(library.dtype), b.astype(library.dtype)
    pairs = zip(a.tolist(), b.tolist(), strict=True)
    expected = [mp.mpf(x) ** mp.mpf(y) for x, y in pairs]
    assert ulp_errors(library("power", a, b), expected).max() <= 1.5


def test_pairs_are_their_parts(library: Library) -> None:
    x = np.linspace(-90, 90, 512).astype(library.dtype)
    softplus, sigmoid = library("softplus_sigmoid", x, results=2)
    np.testing.assert_array_equal(softplus, library("softplus", x))
    np.testing.assert_array_equal(sigmoid, library("sigmoid", x))
    sine, cosine = library("sincos", x, results=2)
    np.testing.assert_array_equal(sine, library("sin", x))
    np.testing.assert_array_equal(cosine, library("cos", x))


def test_every_primitive_of_reals_has_a_function() -> None:
    defined = set(re.findall(r"^INLINE vreal gml_(\w+)\(", prelude(), re.MULTILINE))
    pure = {name for name, row in PRIMITIVES.items() if row.is_pure}
    assert {*UNARY, *BINARY, *ROUNDINGS, "tangent"} == pure - {*OPERATORS}
    assert {*UNARY, *BINARY, *ROUNDINGS} <= defined


@pytest.mark.parametrize(
    ("name", "exact"),
    [("exp", np.exp), ("reciprocal", lambda x: 1 / x)],
)
def test_what_rounding_left_out(
    libraries: dict[str, Library], name: str, exact: Callable[[Values], Values]
) -> None:
    single, double = libraries["float32"], libraries["float64"]
    x = np.random.default_rng(1).uniform(-80, 80, 5000).astype(np.float32)
    whole = exact(x.astype(np.float64))
    value = single("exp", x) if name == "exp" else np.float32(1) / x
    found = single(f"{name}_rounding", x, value)
    left_out = whole - value
    assert np.abs(left_out / whole).max() > 3e-8
    assert np.abs((found - left_out) / whole).max() < 5e-11
    assert not double(f"{name}_rounding", x.astype(float), whole).any()


def test_of_what_is_no_normal_number_rounding_left_nothing_out(
    libraries: dict[str, Library],
) -> None:
    x = np.array([-200.0, 200.0, np.nan, -np.inf, np.inf, 0.0, 1e-45], np.float32)
    with np.errstate(all="ignore"):
        values = {"exp": np.exp(x), "reciprocal": 1 / x}
    for name, value in values.items():
        kept = np.isfinite(value) & (np.abs(value) >= np.finfo(np.float32).tiny)
        found = libraries["float32"](f"{name}_rounding", x, value)
        assert np.isfinite(found).all()
        assert not found[~kept].any()


def test_the_prelude_is_self_contained() -> None:
    assert re.findall(r"#include\s+(\S+)", prelude()) == ["<stdint.h>"]


def shipped_polynomials() -> Iterator[tuple[str, str, list[Any]]]:
    """(macro, precision, coefficients) of every polynomial in the headers."""
    folder = Path(__file__).parents[3] / "gml" / "backend" / "fused" / "vector_math"
    macro = re.compile(r"#define (\w+)\(\w\)[^P]*P(\d+)\(\w,([^)]*)\)")
    for path in sorted(folder.glob("*.h")):
        text = re.sub(r"\\\n|/\*.*?\*/", " ", path.read_text(), flags=re.DOTALL)
        for block in re.findall(r"#ifdef GML_DOUBLE\n.*?#endif", text, re.DOTALL):
            double, _, single = block.partition("#else")
            for precision, half in (("float64", double), ("float32", single)):
                for name, degree, numbers in macro.findall(half):
                    coefficients = [mp.mpf(n.strip()) for n in numbers.split(",")]
                    assert len(coefficients) == int(degree) + 1
                    yield name, precision, coefficients


POLYNOMIALS = [row for row in shipped_polynomials() if "OVER" not in row[0]]
POLYNOMIALS = [row for row in POLYNOMIALS if "UNDER" not in row[0]]  # AS 241


@pytest.mark.parametrize(
    ("name", "precision", "coefficients"),
    POLYNOMIALS,
    ids=[f"{name}-{precision}" for name, precision, _ in POLYNOMIALS],
)
def test_polynomials_fit_as_well_as_they_say(
    name: str, precision: str, coefficients: list[Any]
) -> None:
    fit = FITS[name] if name in FITS else FITS[f"{name} {precision}"]
    error = largest_error(fit, coefficients, precision, points=60)
    assert error < mp.mpf(2) ** fit.log2_error[precision]


def test_every_fit_is_shipped() -> None:
    shipped = {name for name, _, _ in POLYNOMIALS}
    assert {name.split()[0] for name in FITS} == shipped
