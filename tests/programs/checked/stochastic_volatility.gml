dim T
data y: real[T]
phi: real<lower=-1, upper=1> ~ uniform(-1, 1)
sigma ~ half_cauchy(1)
mu ~ cauchy(0, 10)
h[0] ~ normal(mu, sigma / sqrt(1 - phi^2))
for t in 1..T {
  h[t] ~ normal(mu + phi * (h[t - 1] - mu), sigma)
}
y ~ normal(0, exp(h / 2))
