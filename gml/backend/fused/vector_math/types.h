/* Vectors of chains: GCC's vector extensions, which clang has too, and nothing else.
 *
 * GML_DOUBLE chooses the precision. VLEN lanes fill one register of the target, whose
 * width the compiler's own macros tell; GML_VECTOR_BYTES overrides them.
 *
 * What the rest relies on, and so which flags it must not be compiled with: NaN,
 * infinity and signed zero are honoured and sums are not reassociated (no
 * -ffast-math); rounding is to nearest. A product and a sum may be contracted to one
 * operation or not (-ffp-contract): errors stay within the bounds stated either way.
 */
#include <stdint.h>

#ifdef GML_DOUBLE
typedef double real;
typedef int64_t integer;
typedef uint64_t unsigned_integer;
#define MANTISSA_BITS 52
#define EXPONENT_BIAS 1023
#define REAL_INFINITY __builtin_inf()
#define REAL_NAN __builtin_nan("")
#else
typedef float real;
typedef int32_t integer;
typedef uint32_t unsigned_integer;
#define MANTISSA_BITS 23
#define EXPONENT_BIAS 127
#define REAL_INFINITY __builtin_inff()
#define REAL_NAN __builtin_nanf("")
#endif

#ifndef GML_VECTOR_BYTES
#if defined(__AVX512F__)
#define GML_VECTOR_BYTES 64
#elif defined(__AVX2__)
#define GML_VECTOR_BYTES 32
#else
#define GML_VECTOR_BYTES 16
#endif
#endif
#define VLEN ((int)(GML_VECTOR_BYTES / sizeof(real)))

typedef real vreal __attribute__((vector_size(GML_VECTOR_BYTES)));
typedef unsigned_integer vuint __attribute__((vector_size(GML_VECTOR_BYTES)));
/* Same-width signed integers, -1 for true: the type that comparisons have. */
typedef integer vint __attribute__((vector_size(GML_VECTOR_BYTES)));

#define INLINE static inline __attribute__((always_inline, unused))
/* For lanes outside the usual range, behind a branch: not to weigh on those inside. */
#define OUTLINE static __attribute__((noinline, cold, unused))

/* A constant in the working precision: an unmarked literal is a double. */
#define C(x) ((real)(x))

#define SIGN_BIT ((unsigned_integer)1 << (8 * sizeof(real) - 1))
/* The bits of 1 and of 1/2: the exponent field begins at MANTISSA_BITS. */
#define ONE_BITS ((unsigned_integer)EXPONENT_BIAS << MANTISSA_BITS)
#define HALF_BITS ((unsigned_integer)(EXPONENT_BIAS - 1) << MANTISSA_BITS)
/* Adding this rounds |x| < 2^(MANTISSA_BITS - 1) to an integer, in the low bits. */
#define ROUNDER (C(1.5) * C((unsigned_integer)1 << MANTISSA_BITS))
#define ROUNDER_BITS                                                                   \
  ((((unsigned_integer)EXPONENT_BIAS + MANTISSA_BITS) << MANTISSA_BITS) +              \
   ((unsigned_integer)1 << (MANTISSA_BITS - 1)))

INLINE vreal vbroadcast(real x) { return x - (vreal){0}; } /* keeps -0 */

INLINE vint vbroadcast_mask(int condition) {
  return (vint){0} - (integer)(condition != 0);
}

/* a where the mask is -1, b where it is 0. In C neither compiler takes `mask ? a : b`
 * for vectors, and gcc makes of a loop over lanes a blend or branches, as it likes. */
INLINE vreal vselect(vint mask, vreal a, vreal b) {
  return (vreal)((mask & (vint)a) | (~mask & (vint)b));
}

INLINE vint vselect_int(vint mask, vint a, vint b) { return (mask & a) | (~mask & b); }

INLINE vreal vload(const real *p) {
  vreal x;
  __builtin_memcpy(&x, p, sizeof x);
  return x;
}

INLINE void vstore(real *p, vreal x) { __builtin_memcpy(p, &x, sizeof x); }

/* Whether any lane of a mask is set, for branches that are nearly always taken. */
INLINE int vany(vint mask) {
  uint64_t words[GML_VECTOR_BYTES / 8], any = 0;
  __builtin_memcpy(words, &mask, sizeof words);
  for (int i = 0; i < GML_VECTOR_BYTES / 8; i++) any |= words[i];
  return any != 0;
}

/* Polynomials, lowest coefficient first, by Estrin's rule: as many products as Horner's
 * and a few more, in a chain of log2(degree) instead of degree, which is what counts
 * when a processor's window holds one iteration. x: a variable. */
#define X2(x) ((x) * (x))
#define X4(x) (X2(x) * X2(x))
#define X8(x) (X4(x) * X4(x))
#define X16(x) (X8(x) * X8(x))
#define P0(x, a) C(a)
#define P1(x, a, b) (C(b) * (x) + C(a))
#define P2(x, a, b, ...) (P0(x, __VA_ARGS__) * X2(x) + P1(x, a, b))
#define P3(x, a, b, ...) (P1(x, __VA_ARGS__) * X2(x) + P1(x, a, b))
#define P4(x, a, b, c, d, ...) (P0(x, __VA_ARGS__) * X4(x) + P3(x, a, b, c, d))
#define P5(x, a, b, c, d, ...) (P1(x, __VA_ARGS__) * X4(x) + P3(x, a, b, c, d))
#define P6(x, a, b, c, d, ...) (P2(x, __VA_ARGS__) * X4(x) + P3(x, a, b, c, d))
#define P7(x, a, b, c, d, ...) (P3(x, __VA_ARGS__) * X4(x) + P3(x, a, b, c, d))
#define P8(x, a, b, c, d, e, f, g, h, ...)                                             \
  (P0(x, __VA_ARGS__) * X8(x) + P7(x, a, b, c, d, e, f, g, h))
#define P9(x, a, b, c, d, e, f, g, h, ...)                                             \
  (P1(x, __VA_ARGS__) * X8(x) + P7(x, a, b, c, d, e, f, g, h))
#define P10(x, a, b, c, d, e, f, g, h, ...)                                            \
  (P2(x, __VA_ARGS__) * X8(x) + P7(x, a, b, c, d, e, f, g, h))
#define P11(x, a, b, c, d, e, f, g, h, ...)                                            \
  (P3(x, __VA_ARGS__) * X8(x) + P7(x, a, b, c, d, e, f, g, h))
#define P12(x, a, b, c, d, e, f, g, h, ...)                                            \
  (P4(x, __VA_ARGS__) * X8(x) + P7(x, a, b, c, d, e, f, g, h))
#define P13(x, a, b, c, d, e, f, g, h, ...)                                            \
  (P5(x, __VA_ARGS__) * X8(x) + P7(x, a, b, c, d, e, f, g, h))
#define P14(x, a, b, c, d, e, f, g, h, ...)                                            \
  (P6(x, __VA_ARGS__) * X8(x) + P7(x, a, b, c, d, e, f, g, h))
#define P15(x, a, b, c, d, e, f, g, h, ...)                                            \
  (P7(x, __VA_ARGS__) * X8(x) + P7(x, a, b, c, d, e, f, g, h))
#define P16(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                    \
  (P0(x, __VA_ARGS__) * X16(x) + P15(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))
#define P17(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                    \
  (P1(x, __VA_ARGS__) * X16(x) + P15(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))
#define P18(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                    \
  (P2(x, __VA_ARGS__) * X16(x) + P15(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))
#define P19(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                    \
  (P3(x, __VA_ARGS__) * X16(x) + P15(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))
#define P20(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                    \
  (P4(x, __VA_ARGS__) * X16(x) + P15(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))
#define P21(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                    \
  (P5(x, __VA_ARGS__) * X16(x) + P15(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))
#define P22(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                    \
  (P6(x, __VA_ARGS__) * X16(x) + P15(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))
#define P23(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                    \
  (P7(x, __VA_ARGS__) * X16(x) + P15(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))
#define P24(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                    \
  (P8(x, __VA_ARGS__) * X16(x) + P15(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))
#define P25(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ...)                    \
  (P9(x, __VA_ARGS__) * X16(x) + P15(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))
