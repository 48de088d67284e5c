data y: real
z ~ bernoulli(0.5)
mu: real<lower=0, upper=1 + z> ~ flat()
y ~ normal(mu, 1)
