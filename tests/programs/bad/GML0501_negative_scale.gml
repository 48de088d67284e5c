data y: real
sigma ~ normal(0, 1)
y ~ normal(0, sigma)
