data y: real
mu ~ normal
y ~ normal(mu, 1)
