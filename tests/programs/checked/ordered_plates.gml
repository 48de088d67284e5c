dim G, K = 3
data y: real[G, K]
c: ordered[G, K] ~ normal(0, 2)
y ~ normal(c, 1)
