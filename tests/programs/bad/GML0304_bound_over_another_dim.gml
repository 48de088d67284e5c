dim N, M
data low: real[M]
data y: real[N]
x: real<lower=low>[N] ~ normal(0, 1)
y ~ normal(x, 1)
