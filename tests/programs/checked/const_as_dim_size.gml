const K = 3
dim N = K
data y: real[N]
mu ~ normal(0, 1)
y ~ normal(mu, 1)
