## Answers on a scale of five: ordered cut points on a latent line.
dim N, P, cut = 4
data X: real[N, P]
data answer: int<lower=0, upper=4>[N]

beta[P] ~ normal(0, 1)
c: ordered[cut] ~ normal(0, 3)

local eta = X @ beta
answer[n: N] ~ ordered_logistic(eta[n], c)
