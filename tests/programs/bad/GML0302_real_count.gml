dim N
data n: real[N]
data k: int<lower=0>[N]
p ~ beta(1, 1)
k ~ binomial(n, p)
