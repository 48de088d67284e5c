data y: real<lower=0>
mu ~ normal(0, 1)
y ~ normal(mu, epx(mu))
