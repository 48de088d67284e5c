dim I, J
data y: real[I, J]
mu ~ normal(0, 1)
a[I] ~ normal(mu, 1)
b[J] ~ normal(0, 1)
s ~ exponential(1)
for i in I {
  for j in J {
    y[i, j] ~ normal(a[i] + b[j] * a[i], s)
  }
}
