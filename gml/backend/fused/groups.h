/* Groups of chains: a value is G vectors, G a small constant. */
#ifndef G
#define G 2
#endif

/* How many rows a tile has: their sums fill half of the registers. */
#if defined(__AVX512F__) || defined(__aarch64__)
#define ROWS (G > 1 ? 16 / G : 8)
#else
#define ROWS (G > 1 ? 8 / G : 4)
#endif

/* Data in a line of the cache, which a tile asks for while the one before it runs. */
#define LINE ((int)(64 / sizeof(real)))

/* Long, and called from several places: inlined, it would only compile more slowly. */
#define NOINLINE static __attribute__((noinline, unused))

#ifdef __clang__
#define EACH _Pragma("clang loop unroll(full)") for (int g = 0; g < G; g++)
#define EACH_ROW _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++)
#define NOT_UNROLLED _Pragma("clang loop unroll(disable)")
#else
#define EACH _Pragma("GCC unroll 8") for (int g = 0; g < G; g++)
#define EACH_ROW _Pragma("GCC unroll 8") for (int r = 0; r < ROWS; r++)
#define NOT_UNROLLED
#endif

/* The score of so many rows is added up in working precision before it goes into the
 * float64 sum: few enough that rounding does not show, enough that widening costs little.
 */
#define RUN 32

INLINE vreal vtruncate(vreal x) {
  return vselect(x < C(0), gml_ceil(x), gml_floor(x));
}

INLINE int64_t run_end(int64_t start, int64_t upper) {
  return upper - start > RUN ? start + RUN : upper;
}

/* A read that a condition guards may be out of range where it does not hold. */
INLINE int64_t clamp_index(int64_t index, int64_t extent) {
  return index < 0 || extent < 1 ? 0 : index < extent ? index : extent - 1;
}

INLINE void fill_zero(vreal *restrict array, int64_t elements) {
  for (int64_t i = 0; i < elements * G; i++) array[i] = (vreal){0};
}

INLINE void copy(vreal *restrict to, const vreal *restrict from, int64_t elements) {
  for (int64_t i = 0; i < elements * G; i++) to[i] = from[i];
}

INLINE int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
