data y: real
mu ~ normal(0, 1)
y = 2 * mu
