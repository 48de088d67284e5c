## Log earnings against height, sex and their product: posteriordb's
## earnings-logearn_interaction.
dim N, coef = 4
data earn: real<lower=0>[N]
data height: real[N]
data male: real[N]

beta[coef] ~ flat()
sigma: real<lower=0> ~ flat()

local mu = beta[0] + beta[1] * height + beta[2] * male + beta[3] * (height * male)
earn ~ lognormal(mu, sigma)
