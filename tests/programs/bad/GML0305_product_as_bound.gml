dim T
data y: real[T]
mu ~ normal(0, 1)
for t in 1..2 * T {
  y[t] ~ normal(mu, 1)
}
