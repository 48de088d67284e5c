dim N, K
data y: real[N]
k ~ normal(0, 1)
a[K] ~ normal(0, 1)
y ~ normal(a[int(k)], 1)
