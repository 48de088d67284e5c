## Autoregression of order K, given its first K values: posteriordb's arK-arK.
dim T, K
data y: real[T]

alpha ~ normal(0, 10)
beta[K] ~ normal(0, 10)
sigma ~ half_cauchy(2.5)

for t in K..T {
  y[t] ~ normal(alpha + sum(beta[k] * y[t - 1 - k] over k: K), sigma)
}
