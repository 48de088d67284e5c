data y: real
dim K = 4
x[K] ~ normal(0, 1)
for k in 0..3 {
  factor -(x[k + 1] - x[k])^2
}
y ~ normal(x[3], 1)
