dim K
data A: real[K, K]
mu ~ normal(0, 1)
A ~ normal(mu, 1)
