## Leaf weight of bushes against their measures: posteriordb's mesquite-mesquite.
dim N, coef = 7
data weight: real<lower=0>[N]
data diam1: real<lower=0>[N]
data diam2: real<lower=0>[N]
data canopy_height: real<lower=0>[N]
data total_height: real<lower=0>[N]
data density: real<lower=0>[N]
data group: real[N]

beta[coef] ~ flat()
sigma: real<lower=0> ~ flat()

local mu = (
  beta[0]
  + beta[1] * diam1
  + beta[2] * diam2
  + beta[3] * canopy_height
  + beta[4] * total_height
  + beta[5] * density
  + beta[6] * group
)
weight ~ normal(mu, sigma)
