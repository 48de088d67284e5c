data y: real
mu ~ normal(0, 1)
shift ~ normal(0, 1)
y ~ normal(mu, 1)
y_new ~ normal(mu + shift, 1)
