dim I, J
data y: real[I, J]
mu ~ normal(0, 1)
for i in I {
  a[i] ~ normal(mu, 1)
  for j in J {
    m[i, j] = a[i] * (j + 1)
    y[i, j] ~ normal(m[i, j], 1)
  }
}
