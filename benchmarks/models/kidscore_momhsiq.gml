## Test score of a child against the mother's school and test score: posteriordb's
## kidiq-kidscore_momhsiq.
dim N, coef = 3
data kid_score: real[N]
data mom_hs: real[N]
data mom_iq: real[N]

beta[coef] ~ flat()
sigma ~ half_cauchy(2.5)

kid_score ~ normal(beta[0] + beta[1] * mom_hs + beta[2] * mom_iq, sigma)
