data y: real
mu ~ normal(0, 1, 2)
y ~ normal(mu, 1)
