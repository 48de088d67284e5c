/* Constants in the working precision, and polynomials, for vectors and scalars. */

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
