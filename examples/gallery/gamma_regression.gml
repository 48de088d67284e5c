## Positive responses whose standard deviation grows with their mean.
dim N, P
data X: real[N, P]
data y: real<lower=0>[N]

alpha ~ normal(0, 2)
beta[P] ~ normal(0, 1)
shape ~ gamma(2, 0.5)
y ~ gamma(shape, shape * exp(-alpha - X @ beta))
