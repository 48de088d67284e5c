dim T
data y: real[T]
a ~ normal(0, 0.4)
u[0] = a
v[0] = u[0]
for t in 1..T {
  u[t] = a * v[t - 1]
}
for t in 1..T {
  v[t] = u[t] + v[t - 1]
}
y ~ normal(u + v, 1)
