## Deaths of beetles by the dose of a poison, on a curve with four parameters.
dim dose
data log_dose: real[dose]
data beetles: int<lower=0>[dose]
data killed: int<lower=0>[dose]

bottom ~ beta(1, 9)
top ~ beta(9, 1)
middle ~ normal(0, 1)
slope ~ lognormal(1, 1)
# killed by the poison, or dead anyway
local p = 1 - (1 - bottom) * (1 - top * inv_logit(slope * (log_dose - middle)))
killed ~ binomial(beetles, p)
