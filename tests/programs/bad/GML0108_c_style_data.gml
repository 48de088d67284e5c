dim N
data vector[N] y
mu ~ normal(0, 1)
y ~ normal(mu, 1)
