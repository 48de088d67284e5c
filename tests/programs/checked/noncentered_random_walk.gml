dim T
data y: real[T]
s ~ exponential(1)
x[0] ~ normal(0, 1)
for t in 1..T {
  @noncentered
  x[t] ~ normal(x[t - 1], s)
}
y ~ normal(x, 1)
