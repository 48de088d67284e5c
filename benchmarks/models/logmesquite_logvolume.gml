## Log leaf weight against log volume: posteriordb's mesquite-logmesquite_logvolume.
dim N, coef = 2
data weight: real<lower=0>[N]
data diam1: real<lower=0>[N]
data diam2: real<lower=0>[N]
data canopy_height: real<lower=0>[N]

beta[coef] ~ flat()
sigma: real<lower=0> ~ flat()

log_volume = log(diam1 * diam2 * canopy_height)
weight ~ lognormal(beta[0] + beta[1] * log_volume, sigma)
