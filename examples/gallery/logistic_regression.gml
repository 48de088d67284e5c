## Logistic regression; `odds` are what one unit of a predictor multiplies the odds by.
dim N, P
data X: real[N, P]
data y: bool[N]

alpha ~ normal(0, 2.5)
beta[P] ~ normal(0, 2.5)
y ~ bernoulli_logit(alpha + X @ beta)
odds = exp(beta)
