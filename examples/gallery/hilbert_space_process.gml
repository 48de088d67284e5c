## A smooth function as a Gaussian process in sines: the cost is linear in the data.
dim N, B = 12
data x: real<lower=-1, upper=1>[N]
data y: real[N]

length_scale ~ lognormal(-1.5, 0.3)
height ~ half_normal(1)
sigma ~ half_normal(1)

# the sines vanish at the ends of [-1.5, 1.5]; each has the spectral density's weight
local frequency[b: B] = 3.141592653589793 * (b + 1) / 3
local weight = height * sqrt(2.5066282746310002 * length_scale) * exp(
  -0.25
  * (length_scale * frequency)^2
)
local basis[n: N, b: B] = sqrt(1 / 1.5) * sin(frequency[b] * (x[n] + 1.5))
z[B] ~ normal(0, 1)
f = basis @ (weight * z)
y ~ normal(f, sigma)
