dim T
data y: real[T]
a ~ normal(0, 0.5)
m[0] = a
m[t: 1..T] = a * m[t - 1] + y[t - 1]
y ~ normal(m, 1)
