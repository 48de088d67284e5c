data y: real
mu ~ normal(0, mu=1, sigma=2)
y ~ normal(mu, 1)
