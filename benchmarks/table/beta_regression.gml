## Proportions: three lgammas of parameters for each datum.
dim N, P
data X: real[N, P]
data y: real<lower=0, upper=1>[N]

alpha ~ normal(0, 2)
b[P] ~ normal(0, 1)
phi ~ gamma(2, 0.1)

local mean_y = inv_logit(alpha + X @ b)
y ~ beta(mean_y * phi, (1 - mean_y) * phi)
