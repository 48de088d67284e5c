## Wishart distribution with nu degrees of freedom and scale matrix S. Mean nu S.
dist wishart(nu: real<lower=0>, S: cov_matrix[K, J]) on cov_matrix[K, J] {
  logpdf(x) {
    # log det(x), log det(S) and the trace of x inv(S), by way of Cholesky factors
    A = cholesky(S)
    B = cholesky(x)
    trace = sum(solve_lower(A, B[K, c])^2 over J, c: K)
    determinants = (nu - size(K) - 1) * log_diagonal(B) - nu * log_diagonal(A)
    # 0.6931471805599453 is log(2)
    scale = 0.5 * nu * size(K) * 0.6931471805599453
    return determinants - 0.5 * trace - scale - log_multi_gamma(0.5 * nu, S)
  }
  # Bartlett's decomposition
  sample() {
    z = rep(rep(draw_normal(), J), K)
    g[k: K] = draw_gamma(0.5 * (nu - k))
    T[k: K, j: J] = if j < k then z[k, j] else if j > k then 0.0 else sqrt(2 * g[k])
    A = cholesky(S)
    F[k: K, j: J] = sum(A[k, i] * T[i, j] over i: J)
    x[k: K, j: J] = sum(F[k, i] * F[j, i] over i: J)
    return x
  }
  mean = nu * S
}
