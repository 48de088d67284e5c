/* The names of Metal that kernels use, in C++. */
#define device
#define constant const
#define thread
#define threadgroup
typedef unsigned int uint;
typedef unsigned short ushort;
struct shim_uint3 { uint x, y, z; };
#define thread_position_in_threadgroup (shim_uint3{(uint)fiber_current, 0, 0})
#define threads_per_threadgroup (shim_uint3{(uint)fiber_threads, 1, 1})
#define thread_position_in_grid                                                        \
  (shim_uint3{(uint)(fiber_block * fiber_threads + fiber_current), 0, 0})
template <typename To, typename From> static To as_type(From from) {
  static_assert(sizeof(To) == sizeof(From), "as_type is of one size");
  To to;
  memcpy(&to, &from, sizeof to);
  return to;
}
namespace metal {
enum class mem_flags { mem_threadgroup };
static inline float simd_shuffle_xor(float x, ushort distance) {
  return fiber_exchange(x, (int)distance);
}
static inline float simd_shuffle(float x, ushort source) {
  return fiber_shuffle(x, (int)source);
}
static inline float fma(float a, float b, float c) { return fmaf(a, b, c); }
namespace precise {
static inline float sqrt(float x) { return sqrtf(x); }
static inline float sin(float x) { return sinf(x); }
static inline float cos(float x) { return cosf(x); }
}
}
#define threadgroup_barrier(flags) fiber_yield()
#define simdgroup_barrier(flags) fiber_yield()
