data y: real
mu ~ normal(0, 1)
y ~ normal(if mu then 1 else 2, 1)
