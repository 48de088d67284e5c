data y: real
mu ~ nomral(0, 1)
y ~ normal(mu, 1)
