data y: real
@sample
mu ~ normal(0, 1)
y ~ normal(mu, 1)
