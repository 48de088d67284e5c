dim N
data y: real[N]
a[N] ~ normal(0, 1)
c = sum(a over N)
d[N] = a - sum(a over N) / N
e[n: N] = a[n] * sum(a[m] over m: N)
y ~ normal(d + e + c, 1)
