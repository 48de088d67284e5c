data y: real
mu ~ normal(0, 1)
y ~ mixture([0.2, 0.3, 0.5], normal(mu, 1), normal(0, 1))
