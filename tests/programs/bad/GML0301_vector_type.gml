dim N
data y: vector[N]
mu ~ normal(0, 1)
y ~ normal(mu, 1)
