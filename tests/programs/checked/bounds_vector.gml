dim N
data lo: real[N]
data y: real[N]
x: real<lower=lo>[N] ~ normal(0, 1)
y ~ normal(x, 1)
