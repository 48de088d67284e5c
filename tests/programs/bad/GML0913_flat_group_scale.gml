dim J
data y: real[J]
tau: real<lower=0> ~ flat()
theta[J] ~ normal(0, tau)
y ~ normal(theta, 1)
