dim K = 2
mu ~ Gaussian(0, 1)
tau ~ InverseGamma(1, 1)
x[K] ~ double_exponential(mu, tau)
y = log_sum_exp(x over K) + fabs(mu)
