## Overdispersed counts with unknown dispersion: lgamma of a parameter.
dim N, P
data X: real[N, P]
data y: int<lower=0>[N]

alpha ~ normal(0, 2)
b[P] ~ normal(0, 1)
phi ~ gamma(2, 0.5)
y ~ neg_binomial_2(exp(alpha + X @ b), phi)
