data y: real
mu ~ normal(0, 1)
mu ~ normal(0, 2)
y ~ normal(mu, 1)
