data y: real
mu: real<lower=50> ~ normal(0, 2)
y ~ normal(mu, 1)
