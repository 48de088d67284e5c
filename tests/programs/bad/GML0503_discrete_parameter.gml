data y: real
k ~ poisson(3)
y ~ normal(k, 1)
