dim N
data y: real[N]
b ~ normal(0, 1)
for n in N {
  y[n] ~ normal(b * n + n / 2, 1)
}
