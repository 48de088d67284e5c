## An autoregression of order P, given its first values.
dim T, P = 3
data y: real[T]

alpha ~ normal(0, 1)
beta[P] ~ normal(0, 0.5)
sigma ~ half_normal(1)
for t in P..T {
  y[t] ~ normal(alpha + sum(beta[p] * y[t - 1 - p] over p: P), sigma)
}
