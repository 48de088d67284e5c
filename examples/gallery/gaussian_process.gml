## A smooth function, seen with noise: an exact Gaussian process, its values summed out.
dim N, M = N
data x: real[N]
data y: real[N]

length_scale ~ inv_gamma(5, 5)
height ~ half_normal(1)
sigma ~ half_normal(1)

local C[i: N, j: M] = (
  squared_exponential(x[i], x[j], height, length_scale)
  + (if i == j then sigma^2 + 1e-9 else 0)
)
y ~ multi_normal(rep(0.0, N), C)
