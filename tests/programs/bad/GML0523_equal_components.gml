data y: real
mu ~ normal(0, 1)
y ~ mixture([0.2, 0.3], normal(mu, 1))
