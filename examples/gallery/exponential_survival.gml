## Times to an event, some of which were not waited for.
dim N, P
data X: real[N, P]
data time: real<lower=0>[N]
data seen: bool[N]

alpha ~ normal(0, 2)
beta[P] ~ normal(0, 1)
local log_rate = alpha + X @ beta
# an event has the density, the end of a watch the probability of no event before
local end = if seen then infinity() else time
time ~ censored(exponential(exp(log_rate)), upper=end)
