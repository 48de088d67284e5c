dim T, H = 5
data y: real[T]
rho ~ normal(0, 0.5)
s ~ exponential(1)
y[1..T] ~ normal(rho * y[0..T - 1], s)
f[0] ~ normal(rho * y[T - 1], s)
for h in 1..H {
  f[h] ~ normal(rho * f[h - 1], s)
}
