dim N, P
data y: real[N]
data S: cov_matrix[N, P]
m[N] ~ normal(0, 1)
y ~ normal(m, 1)
