dim K
data y: real[K]
data S: cov_matrix[K]
mu[K] ~ normal(0, 1)
y ~ normal(mu, 1)
