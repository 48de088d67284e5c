dim N, M
data y: real[N]
x[0, N] ~ normal(0, 1)
x[i: 1..N, M] ~ normal(0, 1)
y ~ normal(sum(x[i] over i: N), 1)
