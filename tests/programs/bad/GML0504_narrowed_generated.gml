data y: real
mu ~ normal(0, 1)
y ~ normal(mu, 1)
z: real<lower=0> ~ normal(mu, 1)
