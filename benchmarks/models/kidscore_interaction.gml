## The same with the product of both: posteriordb's kidiq-kidscore_interaction.
dim N, coef = 4
data kid_score: real[N]
data mom_hs: real[N]
data mom_iq: real[N]

beta[coef] ~ flat()
sigma ~ half_cauchy(2.5)

local mu = beta[0] + beta[1] * mom_hs + beta[2] * mom_iq + beta[3] * (mom_hs * mom_iq)
kid_score ~ normal(mu, sigma)
