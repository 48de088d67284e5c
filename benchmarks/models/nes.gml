## Party identification in an election year: posteriordb's nes1972-nes to nes2000-nes.
dim N, coef = 9
data partyid7: real[N]
data real_ideo: real[N]
data race_adj: real[N]
data educ1: real[N]
data gender: real[N]
data income: real[N]
data age_discrete: int<lower=1, upper=4>[N]

beta[coef] ~ flat()
sigma: real<lower=0> ~ flat()

# age code 1 is the baseline
local mu = (
  beta[0]
  + beta[1] * real_ideo
  + beta[2] * race_adj
  + beta[3] * (age_discrete == 2)
  + beta[4] * (age_discrete == 3)
  + beta[5] * (age_discrete == 4)
  + beta[6] * educ1
  + beta[7] * gender
  + beta[8] * income
)
partyid7 ~ normal(mu, sigma)
