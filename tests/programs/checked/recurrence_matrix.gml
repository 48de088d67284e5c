dim T, K
data y: real[T, K]
a[K] ~ normal(0, 0.5)
for k in K {
  m[0, k] = a[k]
}
for t in 1..T {
  for k in K {
    m[t, k] = a[k] * m[t - 1, k] + y[t - 1, k]
  }
}
y ~ normal(m, 1)
