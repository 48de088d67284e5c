dim T
data y: real[T]
z[0] ~ bernoulli(0.5)
z[1] ~ bernoulli(0.5)
for t in 2..T { z[t] ~ bernoulli(if z[t - 2] then 0.9 else 0.1) }
y[t: T] ~ normal(z[t], 1)
