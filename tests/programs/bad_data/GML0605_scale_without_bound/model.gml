dim school
data y: real[school]
data se: real[school]
mu ~ normal(0, 5)
y ~ normal(mu, se)
