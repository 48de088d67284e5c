dim K
data y: real[K]
data S: cov_matrix[K, J]
dim J = K
mu[K] ~ normal(0, 1)
y ~ truncated(multi_normal(mu, S), lower=0)
