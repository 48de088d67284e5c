dim N
data y: real[N]
a[N] ~ normal(0, 1)
c[n: N] = sum(a[m] over m: 0..n + 1)
y ~ normal(c, 1)
