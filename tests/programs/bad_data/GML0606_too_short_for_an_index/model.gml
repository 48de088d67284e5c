dim T
data y: real[T]
a ~ normal(0, 1)
m[0] = 0.0
m[1] = a
for t in 2..T {
  m[t] = a * m[t - 1] + m[t - 2]
}
y ~ normal(m, 1)
