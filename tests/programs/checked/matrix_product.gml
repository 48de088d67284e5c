dim I, J, K
data A: real[I, J]
data Y: real[I, K]
B[J, K] ~ normal(0, 1)
Y ~ normal(A @ B, 1)
