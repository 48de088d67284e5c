dim T
data y: real[T]
a ~ normal(0, 0.5)
b ~ normal(0, 0.5)
m[0] = 0.5
m[1] = a
for t in 2..T {
  m[t] = a * m[t - 1] + b * m[t - 2]
}
y ~ normal(m, 1)
