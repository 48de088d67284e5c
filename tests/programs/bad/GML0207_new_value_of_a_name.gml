data y: real
mu ~ normal(0, 1)
eta = mu + 1
eta = eta * 2
y ~ normal(eta, 1)
