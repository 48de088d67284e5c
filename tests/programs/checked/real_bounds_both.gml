data y: real
s: real<lower=0.1, upper=10> ~ half_cauchy(1)
y ~ normal(0, s)
