data y: real
a ~ normal(0, 1)
v = [a, 2 * a, 3.0]
y ~ normal(v[0] * v[2], 1)
