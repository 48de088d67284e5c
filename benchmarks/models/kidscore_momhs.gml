## Test score of a child against the mother's school: posteriordb's
## kidiq-kidscore_momhs.
dim N, coef = 2
data kid_score: real[N]
data mom_hs: real[N]

beta[coef] ~ flat()
sigma ~ half_cauchy(2.5)

kid_score ~ normal(beta[0] + beta[1] * mom_hs, sigma)
