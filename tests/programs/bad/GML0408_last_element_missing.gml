dim K = 4
data y: real[K]
for k in 0..K - 1 {
  m[k] = 1.0
}
y ~ normal(m, 1)
