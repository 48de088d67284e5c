data y: real
data x: real  # gmlc: allow GML904
mu ~ normal(0, 1)
y ~ normal(mu, 1)
