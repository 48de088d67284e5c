const a = b + 1
const b = 2 * a
data y: real
y ~ normal(a, 1)
