dim N
data g: index[N]
data y: real[N]
mu ~ normal(0, 1)
y ~ normal(mu, 1)
