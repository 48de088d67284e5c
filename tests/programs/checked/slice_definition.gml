dim T
data y: real[T]
x[T] ~ normal(0, 1)
d[0] = 0.0
d[1..T] = x[1..T] - x[0..T - 1]
y ~ normal(d, 1)
