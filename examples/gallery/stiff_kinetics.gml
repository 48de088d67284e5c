## Three reactions of which one is a million times faster than another: a stiff equation.
dim N, species = 3, rate = 3
data t: real<lower=0>[N]
data usual: real<lower=0>[rate]
data share: real[N, species]

fn kinetics(t, z: real[S], k: real[R]) = [
  -k[0] * z[0] + k[1] * z[1] * z[2],
  k[0] * z[0] - k[1] * z[1] * z[2] - k[2] * z[1]^2,
  k[2] * z[1]^2
]

log_factor[rate] ~ normal(0, 0.5)
sigma ~ half_normal(0.1)
local k = usual * exp(log_factor)
local start[s: species] = if s == 0 then 1 else 0
z = ode_stiff(kinetics, start, 0, t, k, atol=1e-9)
share ~ normal(z, sigma)
