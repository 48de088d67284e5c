data y: real
mu ~ normal(0, 1)
# gmlc: allow GML0904, GML0501
data x: real
y ~ normal(mu, 1)
