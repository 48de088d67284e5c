dim A = B
dim B = A
data y: real[A]
mu ~ normal(0, 1)
y ~ normal(mu, 1)
