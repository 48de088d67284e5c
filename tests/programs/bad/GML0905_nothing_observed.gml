mu ~ normal(0, 1)
x ~ normal(mu, 1)
