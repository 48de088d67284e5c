"""A hand-written HMC block in CUDA beside JAX's scan, which generated ones are held to.

    python benchmarks/gpu/by_hand.py     needs mlx with a CUDA backend, and jax

Logistic regression, N=200, D=10, standard normal prior; L=8 leapfrog steps; one launch
for K transitions. One warp runs one chain: its 32 lanes share the data loop, the data
sit in shared memory, and the gradient is reduced by shuffles. Prints microseconds per
gradient (over all chains together), medians of 10 runs.
"""

# ruff: noqa: E501  one statement a line is how the kernel reads best

import time

import mlx.core as mx
import numpy as np

N, D, L, EPS = 200, 10, 8, 0.1

HEADER = """
__device__ inline float score_and_grad(const float* q, float* g, const float* X, const float* y, int lane) {
  float lp = 0;
  #pragma unroll
  for (int d = 0; d < D_; d++) g[d] = 0;
  for (int n = lane; n < N_; n += 32) {
    float x[D_], eta = 0;
    #pragma unroll
    for (int d = 0; d < D_; d++) { x[d] = X[d * N_ + n]; eta += x[d] * q[d]; }
    float e = __expf(-fabsf(eta));
    lp += y[n] * eta - fmaxf(eta, 0.f) - __logf(1.f + e);
    float residual = y[n] - __fdividef(eta >= 0 ? 1.f : e, 1.f + e);
    #pragma unroll
    for (int d = 0; d < D_; d++) g[d] += residual * x[d];
  }
  #pragma unroll
  for (int s = 16; s > 0; s >>= 1) {
    lp += __shfl_xor_sync(0xffffffffu, lp, s);
    #pragma unroll
    for (int d = 0; d < D_; d++) g[d] += __shfl_xor_sync(0xffffffffu, g[d], s);
  }
  #pragma unroll
  for (int d = 0; d < D_; d++) { lp -= 0.5f * q[d] * q[d]; g[d] -= q[d]; }
  return lp;
}
"""

BODY = """
  __shared__ float Xs[D_ * N_]; __shared__ float ys[N_];
  for (int i = threadIdx.x; i < D_ * N_; i += blockDim.x) Xs[i] = X[i];
  for (int i = threadIdx.x; i < N_; i += blockDim.x) ys[i] = y[i];
  __syncthreads();
  int lane = threadIdx.x & 31, c = (blockIdx.x * blockDim.x + threadIdx.x) >> 5;
  if (c >= C) return;
  float q[D_], g[D_], p[D_], gp[D_], r[D_];
  _Pragma("unroll") for (int d = 0; d < D_; d++) p[d] = p0[c * D_ + d];
  float lp = score_and_grad(p, gp, Xs, ys, lane);
  for (int k = 0; k < K; k++) {
    float ke0 = 0, ke = 0, lq = 0;
    _Pragma("unroll") for (int d = 0; d < D_; d++) {
      r[d] = mom[(k * C + c) * D_ + d]; ke0 += r[d] * r[d]; q[d] = p[d]; r[d] += 0.5f * EPS_ * gp[d]; }
    for (int l = 0; l < L_; l++) {
      _Pragma("unroll") for (int d = 0; d < D_; d++) q[d] += EPS_ * r[d];
      lq = score_and_grad(q, g, Xs, ys, lane);
      float e = l < L_ - 1 ? EPS_ : 0.5f * EPS_;
      _Pragma("unroll") for (int d = 0; d < D_; d++) r[d] += e * g[d];
    }
    _Pragma("unroll") for (int d = 0; d < D_; d++) ke += r[d] * r[d];
    if (logu[k * C + c] < lq - lp - 0.5f * ke + 0.5f * ke0) {
      lp = lq; _Pragma("unroll") for (int d = 0; d < D_; d++) { p[d] = q[d]; gp[d] = g[d]; } }
    if (lane < D_) { float v = 0; _Pragma("unroll") for (int d = 0; d < D_; d++) if (d == lane) v = p[d];
      out[(k * C + c) * D_ + lane] = v; }
  }
"""


def fill(text: str) -> str:
    return (
        text.replace("D_", str(D))
        .replace("N_", str(N))
        .replace("L_", str(L))
        .replace("EPS_", f"{EPS}f")
    )


def median_us(run, repeats=10) -> float:
    run(), run()
    times = []
    for _ in range(repeats):
        t = time.perf_counter()
        run()
        times.append(time.perf_counter() - t)
    return float(np.median(times)) * 1e6


def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, D)).astype(np.float32)
    beta = rng.normal(size=D)
    y = (rng.uniform(size=N) < 1 / (1 + np.exp(-X @ beta))).astype(np.float32)
    return X, y


def fused(C, K, X, y):
    kernel = mx.fast.cuda_kernel(
        name=f"hmc_{C}_{K}",
        input_names=["p0", "mom", "logu", "X", "y"],
        output_names=["out"],
        source=fill(BODY),
        header=fill(HEADER),
    )
    Xt, yv, p0 = mx.array(np.ascontiguousarray(X.T)), mx.array(y), mx.zeros((C, D))

    def run():
        mom, logu = mx.random.normal((K, C, D)), mx.log(mx.random.uniform(shape=(K, C)))
        (out,) = kernel(
            inputs=[p0, mom, logu, Xt, yv],
            template=[("C", C), ("K", K)],
            grid=(C * 32, 1, 1),
            threadgroup=(min(C * 32, 128), 1, 1),
            output_shapes=[(K, C, D)],
            output_dtypes=[mx.float32],
        )
        mx.eval(out)
        return out

    return run


def jax_scan(C, K, X, y):
    import jax
    import jax.numpy as jnp

    X, y = jnp.array(X), jnp.array(y)

    def score(p):
        eta = X @ p
        return jnp.sum(y * eta - jnp.logaddexp(0.0, eta)) - 0.5 * jnp.sum(p * p)

    vg = jax.vmap(jax.value_and_grad(score))

    @jax.jit
    def block(key, p):
        def step(carry, k):
            p, lp, g = carry
            k1, k2 = jax.random.split(k)
            r0 = jax.random.normal(k1, p.shape)

            def leap(_, s):
                q, r, g, _lp = s
                r = r + 0.5 * EPS * g
                q = q + EPS * r
                lp, g = vg(q)
                return q, r + 0.5 * EPS * g, g, lp

            q, r, gq, lq = jax.lax.fori_loop(0, L, leap, (p, r0, g, lp))
            log_ratio = lq - lp - 0.5 * jnp.sum(r * r, -1) + 0.5 * jnp.sum(r0 * r0, -1)
            a = jnp.log(jax.random.uniform(k2, (p.shape[0],))) < log_ratio
            p, lp, g = (
                jnp.where(a[:, None], q, p),
                jnp.where(a, lq, lp),
                jnp.where(a[:, None], gq, g),
            )
            return (p, lp, g), p

        lp, g = vg(p)
        return jax.lax.scan(step, (p, lp, g), jax.random.split(key, K))

    key, p0 = jax.random.PRNGKey(0), jnp.zeros((C, D))
    return lambda: jax.block_until_ready(block(key, p0))


def main() -> None:
    X, y = data()
    for C in (1, 64, 1024, 4096, 16384):
        K = 100
        a, b = median_us(fused(C, K, X, y)), median_us(jax_scan(C, K, X, y))
        print(
            f"C={C:6d} K={K}: fused {a / (K * L):8.3f}   jax scan {b / (K * L):8.3f}   ratio {b / a:5.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
