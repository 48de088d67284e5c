data y: real<lowr=0>
mu ~ normal(0, 1)
y ~ normal(mu, 1)
