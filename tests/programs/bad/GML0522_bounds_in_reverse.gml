data y: real
mu ~ normal(0, 1)
y ~ truncated(normal(mu, 1), 3, 1)
