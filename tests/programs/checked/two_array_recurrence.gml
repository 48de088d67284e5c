dim T
data y: real[T]
a ~ normal(0, 0.5)
b ~ normal(0, 0.5)
u[0] = 0.1
v[0] = 0.2
for t in 1..T {
  u[t] = a * u[t - 1] + b * v[t - 1] + y[t - 1]
  v[t] = b * u[t] - a * v[t - 1]
}
y ~ normal(u + v, 1)
