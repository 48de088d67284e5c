data y: real
mu ~ normal(0, 1)
@noncentered
theta: real<lower=0> ~ normal(mu, 1)
y ~ normal(theta, 1)
