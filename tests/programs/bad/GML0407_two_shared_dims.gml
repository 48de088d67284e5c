dim N, P
data X: real[N, P]
data W: real[N, P]
mu ~ normal(X @ W, 1)
factor mu
