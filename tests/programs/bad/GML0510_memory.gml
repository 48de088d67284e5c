dim T
data y: real[T]
z[t: T] ~ bernoulli(0.1)
level[0] = 0.0
for t in 1..T { level[t] = 0.9 * level[t - 1] + z[t] }
y ~ normal(level, 1)
