dim N, P
data X: real[N, P]
data y: real[N]
b[P] ~ normal(0, 1)
y ~ normal(X @ b, 1)
