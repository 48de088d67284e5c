data n = 3
data y
mu ~ normal(n, 1)
y ~ normal(mu, 1)
