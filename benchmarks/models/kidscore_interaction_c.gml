## The same with centred predictors: posteriordb's
## kidiq_with_mom_work-kidscore_interaction_c.
dim N, coef = 4
data kid_score: real[N]
data mom_hs: real[N]
data mom_iq: real[N]

beta[coef] ~ flat()
sigma: real<lower=0> ~ flat()

h = mom_hs - mean(mom_hs over N)
q = mom_iq - mean(mom_iq over N)
local mu = beta[0] + beta[1] * h + beta[2] * q + beta[3] * (h * q)
kid_score ~ normal(mu, sigma)
