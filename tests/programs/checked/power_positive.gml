data y: real<lower=0>
a ~ exponential(1)
b ~ normal(0, 1)
y ~ weibull(a^b, 2^a)
