dim T
data y: real[T]
a ~ normal(0, 0.5)
for t in T {
  m[t] = if t == 0 then 0.3 * a else a * m[t - 1] + 1
}
y ~ normal(m, 1)
