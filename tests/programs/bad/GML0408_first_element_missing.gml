dim T
data y: real[T]
rho ~ normal(0, 1)
for t in 1..T {
  m[t] = rho * m[t - 1]
}
y ~ normal(m, 1)
