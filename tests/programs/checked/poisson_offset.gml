dim N
data k: int<lower=0>[N]
data e: real<lower=0>[N]
a ~ normal(0, 1)
k ~ poisson_log(a + log(e))
