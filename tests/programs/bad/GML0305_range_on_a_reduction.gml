dim N
data y: real[N]
mu ~ normal(0, 1)
y ~ normal(mu, exp(y over N))
