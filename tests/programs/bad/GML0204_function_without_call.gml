data y: real
mu ~ normal(0, 1)
y ~ normal(exp, mu)
