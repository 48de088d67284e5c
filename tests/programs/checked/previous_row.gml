dim N, M
data y: real[N, M]
a ~ normal(0, 0.5)
m[0, M] = a
for n in 1..N {
  m[n, 0] = a
  for k in 1..M {
    m[n, k] = a * m[n - 1, k] + m[n - 1, k - 1]
  }
}
y ~ normal(m, 1)
