dim school
data y: real[school]
data se: real<lower=0>[school]
mu ~ normal(0, 5)
y ~ normal(mu, se)
