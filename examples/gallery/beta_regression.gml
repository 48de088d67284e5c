## Proportions, by their mean and a precision.
dim N, P
data X: real[N, P]
data y: real<lower=0, upper=1>[N]

alpha ~ normal(0, 2)
beta[P] ~ normal(0, 1)
phi ~ gamma(2, 0.1)
y ~ beta_proportion(inv_logit(alpha + X @ beta), phi)
