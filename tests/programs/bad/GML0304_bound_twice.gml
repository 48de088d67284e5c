data y: real<lower=0, lower=1>
y ~ normal(0, 1)
