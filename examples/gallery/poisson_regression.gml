## Counts with an exposure: the log of it is an offset.
dim N, P
data X: real[N, P]
data exposure: real<lower=0>[N]
data y: int<lower=0>[N]

alpha ~ normal(0, 2)
beta[P] ~ normal(0, 1)
y ~ poisson_log(log(exposure) + alpha + X @ beta)
