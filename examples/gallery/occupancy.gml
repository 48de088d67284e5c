## Where a bird lives: sites that are visited, and birds that are there and overlooked.
dim site
data forest: real[site]
data visits: int<lower=0>[site]
data sights: int<lower=0>[site]

alpha ~ normal(0, 1.5)
beta ~ normal(0, 1.5)
detect ~ beta(1, 1)
local psi = alpha + beta * forest
local occupied = log_inv_logit(psi) + binomial(visits, detect).logpmf(sights)
factor if sights > 0 then occupied else log_add_exp(occupied, log1m_inv_logit(psi))
