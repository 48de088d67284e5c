dim T
data y: real[T]
phi ~ normal(0, 1)
error[0] = y[0]
for t in 1..T {
  error[t] = y[t] - phi * y[t - 1]
}
error ~ normal(0, 1)
