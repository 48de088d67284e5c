data y: real
mu: real<lower=-5, upper=10> ~ normal(0, 3)
y ~ normal(mu, 1)
