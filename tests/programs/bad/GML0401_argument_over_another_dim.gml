dim school, visit
data y: real[school]
data se: real<lower=0>[visit]
mu ~ normal(0, 5)
y ~ normal(mu, se)
