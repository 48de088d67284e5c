## Where a bird lives: sites that are visited, and birds that are there and overlooked.
dim site
data forest: real[site]
data visits: int<lower=0>[site]
data sights: int<lower=0>[site]

alpha ~ normal(0, 1.5)
beta ~ normal(0, 1.5)
detect ~ beta(1, 1)
local empty = inv_logit(-alpha - beta * forest)
sights ~ zero_inflated(empty, binomial(visits, detect))
