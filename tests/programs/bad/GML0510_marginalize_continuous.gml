data y: real
@marginalize
mu ~ normal(0, 1)
y ~ normal(mu, 1)
