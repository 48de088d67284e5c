dim N, K
data g: index(K)<lower=1>[N]
data y: real[N]
a[K] ~ normal(0, 1)
y ~ normal(a[g], 1)
