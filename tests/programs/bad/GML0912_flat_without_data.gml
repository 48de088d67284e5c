data y: real
mu ~ normal(0, 1)
y ~ normal(mu, 1)
param x ~ flat()
