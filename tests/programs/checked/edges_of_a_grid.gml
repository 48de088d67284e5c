dim N, M
data y: real[N, M]
a ~ normal(0, 0.5)
m[0, 0] = a
for n in 1..N {
  m[n, 0] = m[n - 1, 0] * a
}
for n in N {
  for k in 1..M {
    m[n, k] = m[n, k - 1] + a * y[n, k]
  }
}
y ~ normal(m, 1)
