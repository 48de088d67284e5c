dim K
data c: ordered[K]
mu ~ normal(0, 1)
c ~ normal(mu, 1)
