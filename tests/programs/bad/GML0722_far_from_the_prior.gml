data y: real
scale: real<lower=40> ~ exponential(1)
y ~ normal(0, scale)
