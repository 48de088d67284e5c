## Yes or no, by several covariates.
dim N, P
data X: real[N, P]
data y: bool[N]

intercept ~ normal(0, 2.5)
b[P] ~ normal(0, 1)

y ~ bernoulli_logit(intercept + X @ b)

## the odds are multiplied by this when a covariate grows by one
odds_ratio = exp(b)
