dim K = 3
data y: real
mu[K] ~ normal(0, 1)
for k in 0..5 {
  factor -mu[k]^2
}
y ~ normal(0, 1)
