data y: real
generated mu ~ normal(0, 1)
y ~ normal(mu, 1)
