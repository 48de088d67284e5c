data y: real
mu ~ normal(0, 1)  # gmlc: allow GML0910
y ~ normal(mu, 1)
