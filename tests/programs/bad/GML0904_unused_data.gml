data y: real
data x: real
mu ~ normal(0, 1)
y ~ normal(mu, 1)
