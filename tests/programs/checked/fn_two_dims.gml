fn quad(X: real[N, P], b: real[P]) -> real[N] = (X @ b)^2 + sum(b over P)
dim M, Q
data X: real[M, Q]
data y: real[M]
b[Q] ~ normal(0, 1)
y ~ normal(quad(X, b), 1)
