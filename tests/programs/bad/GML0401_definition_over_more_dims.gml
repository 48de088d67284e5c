dim N, P
data X: real[N, P]
data y: real[N]
b[P] ~ normal(0, 1)
eta[N] = X * b
y ~ normal(eta, 1)
