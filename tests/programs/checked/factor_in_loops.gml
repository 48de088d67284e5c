dim N, K
data y: real[N, K]
a[K] ~ normal(0, 1)
for n in N {
  for k in K {
    factor -0.5 * (y[n, k] - a[k])^2
  }
}
factor -sum(a^2 over K)
