## Log earnings against height and sex: posteriordb's earnings-logearn_height_male.
dim N, coef = 3
data earn: real<lower=0>[N]
data height: real[N]
data male: real[N]

beta[coef] ~ flat()
sigma: real<lower=0> ~ flat()

earn ~ lognormal(beta[0] + beta[1] * height + beta[2] * male, sigma)
