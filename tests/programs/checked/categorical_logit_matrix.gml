dim N, D, K
data X: real[N, D]
data z: index(K)[N]
B[D, K] ~ normal(0, 1)
z ~ categorical_logit(X @ B)
