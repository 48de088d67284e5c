## Survival times, censored where no event was seen.
dim N, P
data X: real[N, P]
data time: real<lower=0>[N]
data event: bool[N]

alpha ~ normal(0, 2)
b[P] ~ normal(0, 1)
shape ~ gamma(2, 1)

local log_hazard = shape * (log(time) - alpha - X @ b)
for n in N {
  factor event[n] * (log(shape) + log_hazard[n] - log(time[n])) - exp(log_hazard[n])
}
