data y: real
mu ~ normal(0, 1)
y ~ normal(log(x=mu), 1)
