dim school, K
data y: real[school]
x[K] ~ normal(0, 1)
y ~ normal(sum(x over K), 1)
