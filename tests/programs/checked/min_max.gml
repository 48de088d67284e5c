dim N
data y: real[N]
a[N] ~ normal(0, 1)
y ~ normal(max(a, 0) + min(a over N), 1)
