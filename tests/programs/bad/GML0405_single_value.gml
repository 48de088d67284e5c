data y: real
mu ~ normal(0, 1)
y ~ normal(max(mu), 1)
