dim N
data y: real
a[N] ~ uniform(0, 1)
y ~ normal(prod(a over N), 1)
