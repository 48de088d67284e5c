dim N, M = N
data A: real[N, M]
data y: real[N]
a[M] ~ normal(0, 1)
y ~ normal(A @ a, 1)
