dim N, P
data X: real[N, P]
data y: real[N]
b ~ normal(0, 1)
y ~ normal(X @ b, 1)
