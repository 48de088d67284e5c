dim T
data y: real[T]
rho ~ normal(0, 0.5)
s ~ exponential(1)
for t in T {
  x[t] ~ normal(if t == 0 then 0 else rho * x[t - 1], s)
}
y ~ normal(x, 1)
