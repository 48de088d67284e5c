data y: real
mu ~ normal(mu, 1)
y ~ normal(mu, 1)
