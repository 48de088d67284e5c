## Linear regression on a given matrix, with proper priors: posteriordb's sblri-blr.
dim N, D
data X: real[N, D]
data y: real[N]

beta[D] ~ normal(0, 10)
sigma ~ half_normal(10)

y ~ normal(X @ beta, sigma)
