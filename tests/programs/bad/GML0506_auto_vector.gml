dim K = 2, J = K
data y: real[K]
data L: cholesky_cov[K, J]
mu[K] ~ normal(0, 1)
@noncentered(auto)
x ~ multi_normal_cholesky(mu, L)
y ~ normal(x, 1)
