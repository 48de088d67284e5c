dim N
data trials: int<lower=0>[N]
data y: real[N]
k[n: N] ~ binomial(trials[n], 0.3)
y[n: N] ~ normal(k[n], 1)
