data y: real
mu ~ normal("zero", 1)
y ~ normal(mu, 1)
