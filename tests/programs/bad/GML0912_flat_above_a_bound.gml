data y: real
mu ~ normal(0, 1)
y ~ normal(mu, 1)
param x: real<lower=0> ~ flat()
param z ~ normal(x, 1)
