data y: real
a ~ normal(0, 1)
b ~ exponential(1)
y ~ normal(a, b - 1)
