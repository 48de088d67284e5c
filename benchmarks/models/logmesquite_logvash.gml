## Log leaf weight against volume, area, shape and height: posteriordb's
## mesquite-logmesquite_logvash.
dim N, coef = 6
data weight: real<lower=0>[N]
data diam1: real<lower=0>[N]
data diam2: real<lower=0>[N]
data canopy_height: real<lower=0>[N]
data total_height: real<lower=0>[N]
data group: real[N]

beta[coef] ~ flat()
sigma: real<lower=0> ~ flat()

log_volume = log(diam1 * diam2 * canopy_height)
log_area = log(diam1 * diam2)
log_shape = log(diam1 / diam2)
local mu = (
  beta[0]
  + beta[1] * log_volume
  + beta[2] * log_area
  + beta[3] * log_shape
  + beta[4] * log(total_height)
  + beta[5] * group
)
weight ~ lognormal(mu, sigma)
