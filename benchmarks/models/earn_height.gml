## Earnings in dollars against height: posteriordb's earnings-earn_height.
dim N, coef = 2
data earn: real<lower=0>[N]
data height: real[N]

beta[coef] ~ flat()
sigma: real<lower=0> ~ flat()

earn ~ normal(beta[0] + beta[1] * height, sigma)
