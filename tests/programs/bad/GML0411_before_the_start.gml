dim T
data y: real[T]
rho ~ normal(0, 1)
for t in T {
  y[t] ~ normal(rho * y[t - 1], 1)
}
