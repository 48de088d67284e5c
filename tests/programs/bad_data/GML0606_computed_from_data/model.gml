dim N, K
data k: int[N]
data y: real[N]
a[K] ~ normal(0, 1)
y ~ normal(a[k - 1], 1)
