dim K = 3
data y: real
mu: ordered[K] ~ normal(0, 1)
y ~ normal(mu[3], 1)
