/* The names of CUDA that kernels use, in C++. */
#define __device__
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __shared__ static
struct shim_dim { unsigned int x; };
#define threadIdx (shim_dim{(unsigned int)fiber_current})
#define blockIdx (shim_dim{(unsigned int)fiber_block})
#define blockDim (shim_dim{(unsigned int)fiber_threads})
#define __syncthreads() fiber_yield()
#define __syncwarp() fiber_yield()
#define __shfl_sync(mask, x, source) fiber_shuffle(x, source)
#define __shfl_xor_sync(mask, x, distance) fiber_exchange(x, distance)
template <typename To, typename From> static To shim_bits(From from) {
  To to;
  memcpy(&to, &from, sizeof to);
  return to;
}
#define __uint_as_float(x) shim_bits<float>((unsigned int)(x))
#define __float_as_uint(x) shim_bits<unsigned int>((float)(x))
#define __float_as_int(x) shim_bits<int>((float)(x))
#define __expf expf
#define __logf logf
#define __fdividef(a, b) ((a) / (b))
#define __frcp_rn(x) (1.0f / (x))
