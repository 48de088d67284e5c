dim T
data other: index(T)[T]
data y: real[T]
z[0] ~ bernoulli(0.5)
w[0] ~ bernoulli(0.5)
for t in 1..T {
  z[t] ~ bernoulli(if z[t - 1] then 0.8 else 0.3)
  w[t] ~ bernoulli(if w[t - 1] then 0.8 else 0.3)
}
y[t: T] ~ normal(z[other[t]] + w[t], 1)
