dim N
data n: int<lower=0>[N]
data k: int<lower=0>[N]
p ~ beta(1, 1)
k ~ binomial(n, p)
