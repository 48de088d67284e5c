## Cases by district: neighbours are alike (an intrinsic autoregression), and noise.
dim district, edge
data left: index(district)[edge]
data right: index(district)[edge]
data expected: real<lower=0>[district]
data cases: int<lower=0>[district]

alpha ~ normal(0, 1)
smooth ~ half_normal(1)
rough ~ half_normal(1)
phi: sum_to_zero[district] ~ flat()
factor -0.5 * (phi[left] - phi[right])^2
theta[district] ~ normal(0, 1)
cases ~ poisson_log(log(expected) + alpha + smooth * phi + rough * theta)
