/* Metal: the types and macros that vector_math and gpu.h are written in. A lane of a
 * vector is a chain on the CPU; here a `vreal` is one number of one chain. */
typedef float real;
typedef float vreal;
typedef bool vint;
typedef int integer;
typedef uint unsigned_integer;
typedef uint vuint;
typedef uint vword;

#define INLINE static inline __attribute__((always_inline))
#define OUTLINE static __attribute__((noinline))
#define UNROLL_FULLY _Pragma("unroll")
#define AS_PRAGMA(text) _Pragma(#text)
#define UNROLL_BY(times) AS_PRAGMA(unroll times)
/* Address spaces. */
#define PRIVATE thread
#define SHARED threadgroup
#define DEVICE device
#define SHARED_ARRAY threadgroup

#define AS_REAL(bits) as_type<float>(bits)
#define AS_BITS(x) as_type<uint>(x)
#define AS_SIGNED(x) as_type<int>(x)
#define REAL_INFINITY as_type<float>(0x7f800000u)
#define REAL_NAN as_type<float>(0x7fc00000u)

#define VQUOTIENT(a, b) ((a) / (b))

INLINE vreal gml_sqrt(vreal x) { return metal::precise::sqrt(x); }
INLINE vreal sin_by_library(vreal x) { return metal::precise::sin(x); }
INLINE vreal cos_by_library(vreal x) { return metal::precise::cos(x); }

/* A threadgroup shares memory; a SIMD-group is its lanes. The names on the right are
 * arguments of the kernel, which MLX declares where they are used. */
#define THREAD_IN_BLOCK ((int)thread_position_in_threadgroup.x)
#define THREADS_IN_BLOCK ((int)threads_per_threadgroup.x)
#define THREAD_IN_GRID ((int)thread_position_in_grid.x)
#define BLOCK_SYNC() threadgroup_barrier(metal::mem_flags::mem_threadgroup)
#define LANES_SYNC() simdgroup_barrier(metal::mem_flags::mem_threadgroup)
#define SHUFFLE(x, source) metal::simd_shuffle(x, (ushort)(source))
#define SHUFFLE_XOR(x, distance) metal::simd_shuffle_xor(x, (ushort)(distance))

/* The host reads outputs where they are: it has the same memory. */
#define POINTER_OR(high, low, otherwise) (otherwise)

/* Numbers of a chain as sums of two floats: Metal has no double. Dekker (1971),
 * Knuth's sum; some 48 bits. The low part of what is not finite is zero. */
struct vwide {
  float high;
  float low;
};
typedef bool vwide_mask;
#define WIDE_ZERO wide_of_pair(0.0f, 0.0f)

INLINE vwide wide_of_pair(real high, real low) {
  vwide result;
  result.high = high;
  result.low = high - high == 0 ? low : 0.0f;
  return result;
}
INLINE real wide_high(vwide x) { return x.high; }
INLINE real wide_low(vwide x) { return x.low; }
INLINE vwide widen(real x) { return wide_of_pair(x, 0.0f); }
INLINE real narrow(vwide x) { return x.high; }

/* high + low with |low| small against |high|, brought to where low is rounding. */
INLINE vwide wide_normal(real high, real low) {
  const real sum = high + low;
  return wide_of_pair(sum, low - (sum - high));
}

INLINE vwide wide_add(vwide a, vwide b) {
  const real sum = a.high + b.high, part = sum - a.high;
  const real error = (a.high - (sum - part)) + (b.high - part);
  return wide_normal(sum, sum - sum == 0 ? error + (a.low + b.low) : 0.0f);
}
INLINE vwide wide_negate(vwide a) { return wide_of_pair(-a.high, -a.low); }
INLINE vwide wide_subtract(vwide a, vwide b) { return wide_add(a, wide_negate(b)); }
INLINE vwide wide_multiply(vwide a, vwide b) {
  const real product = a.high * b.high;
  const real error = metal::fma(a.high, b.high, -product);
  const real rest = error + (a.high * b.low + a.low * b.high);
  return wide_normal(product, product - product == 0 ? rest : 0.0f);
}
INLINE vwide wide_divide(vwide a, vwide b) {
  const real quotient = a.high / b.high;
  const vwide rest = wide_subtract(a, wide_multiply(b, widen(quotient)));
  const real correction = rest.high / b.high;
  return wide_normal(quotient, quotient - quotient == 0 ? correction : 0.0f);
}
INLINE vwide_mask wide_less(vwide a, vwide b) {
  return a.high < b.high || (a.high == b.high && a.low < b.low);
}
INLINE vwide_mask wide_is_finite(vwide x) { return x.high - x.high == 0; }

/* To what a float64 holds: so a state that goes out and in again is the same. */
INLINE vwide wide_rounded(vwide x) {
  const real digits = x.high * 5.9604644775390625e-8f;
  return wide_of_pair(x.high, (x.low + digits) - digits);
}

INLINE vwide wide_shuffle_xor(vwide x, int distance) {
  return wide_of_pair(SHUFFLE_XOR(x.high, distance), SHUFFLE_XOR(x.low, distance));
}
