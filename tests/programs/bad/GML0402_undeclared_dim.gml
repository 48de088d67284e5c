data y: real[school]
mu ~ normal(0, 1)
y ~ normal(mu, 1)
