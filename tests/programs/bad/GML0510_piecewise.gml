dim T
data y: real[T]
z[t: T] ~ bernoulli(0.5)
m[0] = 0.0
for t in 1..T { m[t] = if z[t] then 1.0 else -1.0 }
y ~ normal(m, 1)
