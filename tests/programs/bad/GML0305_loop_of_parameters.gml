dim N
data y: real[N]
for n in N {
  mu ~ normal(0, 1)
}
y ~ normal(mu, 1)
