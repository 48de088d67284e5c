dim N
data k: int<lower=0>[N]
r ~ gamma(2, 1)
k ~ poisson(r)
k2[N] ~ poisson(r)
tot = sum(k2 over N)
mx_ = max(k2 over N)
