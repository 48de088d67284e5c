## A smooth function as a Gaussian process in sines: the cost is linear in the data.
dim N, B = 12
data x: real<lower=-1, upper=1>[N]
data y: real[N]

length_scale ~ lognormal(-1.5, 0.3)
height ~ half_normal(1)
sigma ~ half_normal(1)
z[B] ~ normal(0, 1)

local basis[n: N, k: B] = sine_basis(x[n], k, 1.5)
local weight[k: B] = squared_exponential_weight(k, 1.5, height, length_scale)
f = basis @ (weight * z)
y ~ normal(f, sigma)
