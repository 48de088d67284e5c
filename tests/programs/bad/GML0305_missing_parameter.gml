dim N
data y: real[N]
mu: real?[N] ~ normal(0, 1)
y ~ normal(mu, 1)
