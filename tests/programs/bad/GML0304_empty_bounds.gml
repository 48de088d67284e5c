data y: real
s: real<lower=1, upper=0> ~ flat()
y ~ normal(0, 1)
