dim T
data y: real[T]
mu ~ normal(sum(y[1..T]), 1)
y ~ normal(mu, 1)
