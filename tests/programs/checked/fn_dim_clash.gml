fn total(x: real[K]) -> real = sum(x over K)
dim N, K
data y: real[N, K]
a[K] ~ normal(0, 1)
b[N] ~ normal(0, 1)
y ~ normal(total(a) + total(b) + total(y), 1)
