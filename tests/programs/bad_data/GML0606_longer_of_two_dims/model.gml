dim N, M
data x: real[N]
data y: real[M]
b ~ normal(0, 1)
for m in 0..M - 1 {
  factor -(y[m] - b * x[m])^2
}
