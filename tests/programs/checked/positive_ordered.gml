dim K
data y: real[K]
c: positive_ordered[K] ~ gamma(2, 1)
y ~ normal(c, 1)
