data y: real<lower=mu>
mu ~ normal(0, 1)
y ~ normal(mu, 1)
