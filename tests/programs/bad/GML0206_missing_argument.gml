data y: real
mu ~ normal(0)
y ~ normal(mu, 1)
