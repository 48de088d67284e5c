dim T
data y: real[T]
x[T] ~ normal(0, 1)
for t in 2..T - 1 {
  factor -(x[t + 1] - 2 * x[t] + x[t - 1])^2
}
y ~ normal(x, 1)
