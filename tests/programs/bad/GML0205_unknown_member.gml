data y: real
mu ~ normal(0, 1)
factor normal(mu, 1).log_prob(y)
