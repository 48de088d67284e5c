dim N, M
data y: real[N, M]
a ~ normal(0, 1)
for n in 1..N {
  m[n, M] = a
}
for k in 1..M {
  m[0, k] = 2 * a
}
y ~ normal(m, 1)
