## Two outcomes of each person, whose errors go together.
dim N, P, outcome = 2, other = outcome
data X: real[N, P]
data y: real[N, outcome]

alpha[outcome] ~ normal(0, 2)
beta[outcome, P] ~ normal(0, 1)
scale[outcome] ~ half_normal(1)
L: cholesky_corr[outcome, other] ~ lkj_corr_cholesky(2)
local root[k: outcome, j: other] = scale[k] * L[k, j]
local mu[n: N, k: outcome] = alpha[k] + sum(beta[k, p] * X[n, p] over p: P)
y[n: N] ~ multi_normal_cholesky(mu[n], root)
