## Logistic regression on a given matrix, without an intercept: the yardstick's model.
dim N, P
data X: real[N, P]
data y: bool[N]

b[P] ~ normal(0, 1)
y ~ bernoulli_logit(X @ b)
