## Counts that vary more than Poisson's.
dim N, P
data X: real[N, P]
data y: int<lower=0>[N]

alpha ~ normal(0, 3)
beta[P] ~ normal(0, 1)
phi ~ gamma(2, 0.5)
y ~ neg_binomial_2_log(alpha + X @ beta, phi)
