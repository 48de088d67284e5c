dim K = 0
data y: real
x[K] ~ normal(0, 1)
y ~ normal(sum(x over K), 1)
