/* CUDA: the types and macros that vector_math and gpu.h are written in. A lane of a
 * vector is a chain on the CPU; here a `vreal` is one number of one chain. */
typedef float real;
typedef float vreal;
typedef bool vint;
typedef int integer;
typedef unsigned int unsigned_integer;
typedef unsigned int vuint;
typedef unsigned int vword;
typedef unsigned int uint32_t;

#define INLINE static __device__ __forceinline__
#define OUTLINE static __device__ __noinline__
#define UNROLL_FULLY _Pragma("unroll")
#define AS_PRAGMA(text) _Pragma(#text)
#define UNROLL_BY(times) AS_PRAGMA(unroll times)
/* Address spaces, which CUDA's pointers do not tell apart. */
#define PRIVATE
#define SHARED
#define DEVICE
#define SHARED_ARRAY __shared__

#define AS_REAL(bits) __uint_as_float(bits)
#define AS_BITS(x) __float_as_uint(x)
#define AS_SIGNED(x) __float_as_int(x)
#define REAL_INFINITY __uint_as_float(0x7f800000u)
#define REAL_NAN __uint_as_float(0x7fc00000u)

/* Of two units of the last place, where the rounded quotient is a subroutine. */
#define VQUOTIENT(a, b) __fdividef(a, b)

/* exp(x) for x <= 0 by the unit for special functions: the error relative to the result
 * grows with |x|, that against 1 stays below 1e-7. Sigmoid and softplus use it. */
#define OWN_EXP_OF_NEGATIVE
INLINE vreal vexp_of_negative(vreal x) { return __expf(x); }

INLINE vreal gml_sqrt(vreal x) { return sqrtf(x); }
INLINE vreal sin_by_library(vreal x) { return sinf(x); }
INLINE vreal cos_by_library(vreal x) { return cosf(x); }

/* A block is a group of threads that share memory; a warp, its lanes. */
#define THREAD_IN_BLOCK ((int)threadIdx.x)
#define THREADS_IN_BLOCK ((int)blockDim.x)
#define THREAD_IN_GRID ((int)(blockIdx.x * blockDim.x + threadIdx.x))
#define BLOCK_SYNC() __syncthreads()
#define LANES_SYNC() __syncwarp()
#define SHUFFLE(x, source) __shfl_sync(0xffffffffu, x, source)
#define SHUFFLE_XOR(x, distance) __shfl_xor_sync(0xffffffffu, x, distance)

/* What is at an address, in two words, if it is not 0. */
#define POINTER_OR(high, low, otherwise)                                             \
  (((high) | (low)) != 0                                                               \
     ? (float *)(((unsigned long long)(high) << 32) | (unsigned long long)(low))       \
     : (otherwise))

/* Numbers of a chain in float64. */
typedef double vwide;
typedef bool vwide_mask;
#define WIDE_ZERO 0.0

INLINE vwide widen(real x) { return (double)x; }
INLINE real narrow(vwide x) { return (float)x; }
INLINE vwide wide_add(vwide a, vwide b) { return a + b; }
INLINE vwide wide_subtract(vwide a, vwide b) { return a - b; }
INLINE vwide wide_multiply(vwide a, vwide b) { return a * b; }
INLINE vwide wide_divide(vwide a, vwide b) { return a / b; }
INLINE vwide wide_negate(vwide a) { return -a; }
INLINE vwide_mask wide_less(vwide a, vwide b) { return a < b; }
INLINE vwide_mask wide_is_finite(vwide x) { return x - x == 0; }

/* As two reals, on the way in and out: devices have no arrays of float64. */
INLINE vwide wide_of_pair(real high, real low) { return (double)high + (double)low; }
INLINE real wide_high(vwide x) { return (float)x; }
INLINE real wide_low(vwide x) {
  const double high = (double)(float)x;
  return high - high == 0 ? (float)(x - high) : 0.0f;
}

/* What a pair holds: so a state that goes out and in again is the same. */
INLINE vwide wide_rounded(vwide x) { return wide_of_pair(wide_high(x), wide_low(x)); }

INLINE vwide wide_shuffle_xor(vwide x, int distance) { return SHUFFLE_XOR(x, distance); }
