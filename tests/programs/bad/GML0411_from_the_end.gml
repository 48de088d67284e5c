dim T
data y: real[T]
mu ~ normal(0, 1)
y ~ normal(mu, 1)
last = y[-1]
