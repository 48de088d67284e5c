data y: real
sigma: real<lower=-1> ~ exponential(1)
y ~ normal(0, sigma)
