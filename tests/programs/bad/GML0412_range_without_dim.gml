data y: real
x[0] ~ normal(0, 1)
x[i: 1..3] ~ normal(0, 1)
y ~ normal(x[0], 1)
