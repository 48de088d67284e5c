## Distribution of the inverse of a `wishart(nu, inv(S))`. Mean S / (nu - K - 1).
dist inv_wishart(nu: real<lower=0>, S: cov_matrix[K, J]) on cov_matrix[K, J] {
  logpdf(x) {
    # log det(x), log det(S) and the trace of S inv(x), by way of Cholesky factors
    A = cholesky(S)
    B = cholesky(x)
    trace = sum(solve_lower(B, A[K, c])^2 over J, c: K)
    determinants = nu * log_diagonal(A) - (nu + size(K) + 1) * log_diagonal(B)
    # 0.6931471805599453 is log(2)
    scale = 0.5 * nu * size(K) * 0.6931471805599453
    return determinants - 0.5 * trace - scale - log_multi_gamma(0.5 * nu, S)
  }
  # with T T' a Wishart of unit scale, x = F F' with F = cholesky(S) inv(T')
  sample() {
    z = rep(rep(draw_normal(), J), K)
    g[k: K] = draw_gamma(0.5 * (nu - k))
    T[k: K, j: J] = if j < k then z[k, j] else if j > k then 0.0 else sqrt(2 * g[k])
    A = cholesky(S)
    F[k: K] = solve_lower(T, A[k, J])
    x[k: K, j: J] = sum(F[k, i] * F[j, i] over i: J)
    return x
  }
  mean = if nu > size(K) + 1 then S / (nu - size(K) - 1) else undefined()
}
