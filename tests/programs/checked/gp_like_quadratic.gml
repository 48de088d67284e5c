dim N, M = N
data x: real[N]
data y: real[N]
l ~ half_normal(1)
a[N] ~ normal(0, 1)
f[i: N] = sum(exp(-(x[i] - x[j])^2 / (1 + l^2)) * a[j] over j: M)
y ~ normal(f, 1)
