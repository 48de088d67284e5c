dim T
data y: real[T]
s ~ exponential(1)
l[0] ~ normal(0, 1)
v[0] ~ normal(0, 1)
for t in 1..T {
  v[t] ~ normal(v[t - 1], s)
  l[t] ~ normal(l[t - 1] + v[t - 1], s)
}
y ~ normal(l, 1)
