dim N
data y: real<lower=2>[N]
a ~ gamma(2, 1)
y ~ beta(a, 2)
