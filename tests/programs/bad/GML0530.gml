data y: real
@noncentered(learned)
mu ~ normal(0, 1)
@centered(auto)
nu ~ normal(0, 1)
y ~ normal(mu, exp(nu))
