dim N
data y: real[N]
top ~ exponential(1)
x: real<upper=top>[N] ~ normal(0, 1)
y ~ normal(x, 1)
