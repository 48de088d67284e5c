data y: real
mu ~ normal(0, 1)
@noncentered
y ~ normal(mu, 1)
