dim T, K
data y: real[T, K]
a[K] ~ normal(0, 0.5)
m[0, K] = a
for t in 1..T {
  m[t, K] = a * m[t - 1] + y[t - 1]
}
y ~ normal(m, 1)
