dim T
data y: real?[T]
y[0] ~ exponential(1)
y[t: 1..T] ~ normal(0, 1)
