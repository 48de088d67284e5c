dim T
data y: real[T]
a ~ normal(0, 0.5)
b ~ normal(0, 0.5)
y[t: 2..T] ~ normal(a * y[t - 1] + b * y[t - 2], 1)
