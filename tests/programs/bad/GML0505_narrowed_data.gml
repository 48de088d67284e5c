data y: real
mu ~ normal(0, 1)
y: real<lower=0> ~ normal(mu, 1)
