dim N, T
data where: index(T)[N]
data y: real[N]
z[t: T] ~ bernoulli(0.5)
m[0] = 0.0
for t in 1..T { m[t] = if z[t] then 1.0 else -1.0 }
y[n: N] ~ normal(m[where[n]], 1)
