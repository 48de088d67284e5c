## Test score of a child against the mother's: posteriordb's kidiq-kidscore_momiq.
dim N, coef = 2
data kid_score: real[N]
data mom_iq: real[N]

beta[coef] ~ flat()
sigma ~ half_cauchy(2.5)

kid_score ~ normal(beta[0] + beta[1] * mom_iq, sigma)
