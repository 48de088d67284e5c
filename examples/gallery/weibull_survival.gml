## Weibull times with censoring, in two arms of a trial.
dim N
data treated: bool[N]
data time: real<lower=0>[N]
data seen: bool[N]

shape ~ gamma(4, 4)
alpha ~ normal(1, 1)
effect ~ normal(0, 1)
local scale = exp(alpha + effect * treated)
local end = if seen then infinity() else time
time ~ censored(weibull(shape, scale), upper=end)
## of a median treated: how long
median_treated = exp(alpha + effect) * log(2)^(1 / shape)
