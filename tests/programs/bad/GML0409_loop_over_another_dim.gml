dim N, M
data x: real[N]
data y: real[M]
b ~ normal(0, 1)
for m in M {
  y[m] ~ normal(b * x[m], 1)
}
