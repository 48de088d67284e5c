data y: real
mu ~ normal(0, 1)  # gmlc: allow
y ~ normal(mu, 1)
