mu ~ normal(0, 1)
target += normal_lpdf(y | mu, 1)
target += -mu^2
