dim T
data y: real[T]
a ~ normal(0, 0.5)
b ~ normal(0, 0.5)
for t in T {
  m[t] = if t < 2 then a * (t + 1) else a * m[t - 1] + b * m[t - 2]
  factor if t > 0 then -(m[t] - m[t - 1])^2 else -a^2
}
y ~ normal(m, 1)
