## Log earnings against height: posteriordb's earnings-logearn_height.
dim N, coef = 2
data earn: real<lower=0>[N]
data height: real[N]

beta[coef] ~ flat()
sigma: real<lower=0> ~ flat()

earn ~ lognormal(beta[0] + beta[1] * height, sigma)
