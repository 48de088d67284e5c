data y: real
s: real<upper=0> ~ half_normal(1)
y ~ normal(s, 1)
