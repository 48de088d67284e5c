dim N, J
data where: real[N]
data y: real[N]
a[J] ~ normal(0, 1)
y ~ normal(a[where], 1)
