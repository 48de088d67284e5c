dim N
data x: real[N]
data y: real[N]
b ~ normal(0, 1)
y ~ normal(x @ b, 1)
