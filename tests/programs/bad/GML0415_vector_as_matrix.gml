dim N
data x: real[N]
data y: real[N]
z[N] ~ normal(0, 1)
f = cholesky(exp(-x)) @ z
y ~ normal(f, 1)
