## Poisson regression on the log scale.
dim N, P
data X: real[N, P]
data exposure: real<lower=0>[N]
data y: int<lower=0>[N]

alpha ~ normal(0, 5)
beta[P] ~ normal(0, 1)
y ~ poisson_log(alpha + X @ beta + log(exposure))
