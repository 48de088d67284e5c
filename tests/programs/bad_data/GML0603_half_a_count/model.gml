dim N
data k: int<lower=0>[N]
rate ~ gamma(2, 1)
k ~ poisson(rate)
