dim N
data y: real<lower=0, upper=1>[N]
m ~ beta(1, 1)
k ~ gamma(2, 0.1)
y ~ beta(m * k, (1 - m) * k)
