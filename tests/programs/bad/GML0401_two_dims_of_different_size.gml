dim K = 2
dim J = 3
data y: real[K]
mu[J] ~ normal(0, 1)
y ~ normal(mu, 1)
