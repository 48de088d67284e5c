## Accidents at junctions: counts with a log-linear rate, under different exposures.
dim N
data traffic: real[N]
data has_lights: bool[N]
## years of observation
data years: real<lower=0>[N]
data accidents: int<lower=0>[N]

alpha ~ normal(0, 2)
beta ~ normal(0, 1)
## log rate ratio of junctions with lights
delta ~ normal(0, 1)

local eta = alpha + beta * traffic + delta * has_lights + log(years)
accidents ~ poisson_log(eta)

## factor by which lights change the rate
ratio = exp(delta)
