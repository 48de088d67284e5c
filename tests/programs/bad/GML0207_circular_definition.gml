data y: real
a = b + 1
b = 2 * a
y ~ normal(a, 1)
