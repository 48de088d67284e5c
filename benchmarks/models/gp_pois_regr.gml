## Counts with a log rate drawn from a Gaussian process over x.
dim N, M = N
data x: real[N]
data k: int<lower=0>[N]

rho ~ gamma(25, 4)
alpha ~ half_normal(2)
z[M] ~ normal(0, 1)

# a little on the diagonal keeps the matrix positive definite after rounding
local nugget[i: N, j: M] = if i == j then 1e-10 else 0.0
local C[i: N, j: M] = alpha^2 * exp(-0.5 * ((x[i] - x[j]) / rho)^2) + nugget[i, j]
f = cholesky(C) @ z
k ~ poisson_log(f)
