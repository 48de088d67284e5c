## Logistic regression with varying intercepts, gathered by group; non-centred.
dim N, P, group
data X: real[N, P]
data where: index(group)[N]
data y: bool[N]

mu ~ normal(0, 2)
tau ~ half_normal(1)
b[P] ~ normal(0, 1)

@noncentered
a[group] ~ normal(mu, tau)
y ~ bernoulli_logit(a[where] + X @ b)
