data y: real
mu ~ normal(0, 1)
factor normal_lpdf(y, mu, 1)
