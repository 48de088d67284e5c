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

/* Between numbers and their bits; zero; a mask turned over. What the other files are
 * written in, so that they serve scalars, too (see gml/backend/gpu). */
#define AS_REAL(bits) ((vreal)(bits))
#define AS_BITS(x) ((vuint)(x))
#define AS_SIGNED(x) ((vint)(x))
#define VZERO ((vreal){0})
#define NOT(mask) (~(mask))
/* a / b where b is between 1 and 2. */
#define VQUOTIENT(a, b) ((a) / (b))
/* Where a pointer to a variable of the function points to: GPUs tell. */
#define PRIVATE

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

/* A 32-bit word for each lane of a vreal. */
typedef uint32_t vword __attribute__((vector_size(VLEN * sizeof(uint32_t))));
typedef int32_t vword_signed __attribute__((vector_size(VLEN * sizeof(int32_t))));

/* The counters first, first + 1, ..: chains beside one another. */
INLINE vword vword_range(uint32_t first) {
  vword words;
  for (int lane = 0; lane < VLEN; lane++) words[lane] = first + (uint32_t)lane;
  return words;
}

INLINE vword vword_broadcast(uint32_t word) { return (vword){0} + word; }

/* Words below 2^31 as reals, rounded to nearest. */
INLINE vreal vreal_of_word(vword word) {
  return __builtin_convertvector((vword_signed)word, vreal);
}

/* The uppermost bit, in the place of a real's sign. */
INLINE vuint sign_of_word(vword word) {
#ifdef GML_DOUBLE
  return __builtin_convertvector(word >> 31, vuint) << 63;
#else
  return (vuint)(word & 0x80000000u);
#endif
}

/* Both compilers turn the loop over lanes into the target's own instruction. */
INLINE vreal gml_sqrt(vreal x) {
  vreal root;
#ifdef GML_DOUBLE
  for (int lane = 0; lane < VLEN; lane++) root[lane] = __builtin_sqrt(x[lane]);
#else
  for (int lane = 0; lane < VLEN; lane++) root[lane] = __builtin_sqrtf(x[lane]);
#endif
  return root;
}

/* What is rarely called, lane by lane: the C library's. */
#ifdef GML_DOUBLE
#define LIBRARY_SIN __builtin_sin
#define LIBRARY_COS __builtin_cos
#else
#define LIBRARY_SIN __builtin_sinf
#define LIBRARY_COS __builtin_cosf
#endif

OUTLINE vreal sin_by_library(vreal x) {
  for (int lane = 0; lane < VLEN; lane++) x[lane] = LIBRARY_SIN(x[lane]);
  return x;
}

OUTLINE vreal cos_by_library(vreal x) {
  for (int lane = 0; lane < VLEN; lane++) x[lane] = LIBRARY_COS(x[lane]);
  return x;
}
