## Reaction times of sleepless people: intercepts and slopes vary together.
dim N, person, effect = 2, other = effect
data who: index(person)[N]
data day: real[N]
data y: real[N]

mean_effect[effect] ~ normal(0, 2)
scale[effect] ~ half_normal(1)
L: cholesky_corr[effect, other] ~ lkj_corr_cholesky(2)
sigma ~ half_normal(1)

## of each person: the intercept, and the slope
b[i: person] ~ multi_normal_cholesky(mean_effect, root)
local root[k: effect, j: other] = scale[k] * L[k, j]
y[n: N] ~ normal(b[who[n], 0] + b[who[n], 1] * day[n], sigma)
correlation = L[1, 0]
