data y: real
@centered
@noncentered
mu ~ normal(0, 1)
y ~ normal(mu, 1)
