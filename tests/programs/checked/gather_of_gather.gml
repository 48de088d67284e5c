dim N, J, L
data g: index(J)[N]
data h: index(L)[J]
data y: real[N]
a[L] ~ normal(0, 1)
b[J] ~ normal(a[h], 1)
y ~ normal(b[g] + a[h[g]], 1)
