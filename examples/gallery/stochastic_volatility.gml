## Returns whose log variance is an autoregression of its own.
dim T
data y: real[T]

mu ~ normal(0, 2)
phi: real<lower=-1, upper=1> ~ normal(0.9, 0.1)
sigma ~ half_normal(0.5)
z[T] ~ normal(0, 1)

h[0] = mu + sigma / sqrt(1 - phi^2) * z[0]
for t in 1..T {
  h[t] = mu + phi * (h[t - 1] - mu) + sigma * z[t]
}
y ~ normal(0, exp(h / 2))
