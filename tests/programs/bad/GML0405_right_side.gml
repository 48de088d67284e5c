dim N, M = N, P
data S: cov_matrix[N, M]
data w: real[P]
data y: real[N]
mu ~ normal(0, 1)
x = solve_lower(cholesky(S), w)
y ~ normal(mu + x, 1)
