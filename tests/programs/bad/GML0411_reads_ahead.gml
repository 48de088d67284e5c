dim T
data y: real[T]
x[0] ~ normal(0, 1)
for t in 1..T {
  x[t] = x[t + 1] + 1
}
y ~ normal(x, 1)
