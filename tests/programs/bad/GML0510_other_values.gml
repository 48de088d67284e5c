dim T
data y: real[T]
z[0] ~ discrete_uniform(0, 2)
for t in 1..T { z[t] ~ discrete_uniform(1, 2) }
y[t: T] ~ normal(z[t], 1)
