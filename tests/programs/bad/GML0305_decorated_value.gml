data y: real
mu ~ normal(0, 1)
@noncentered
eta = 2 * mu
y ~ normal(eta, 1)
