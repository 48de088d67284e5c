data y: real
mu ~ 3
y ~ normal(mu, 1)
