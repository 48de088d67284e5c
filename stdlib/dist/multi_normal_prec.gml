## Multivariate normal distribution with mean mu and precision (inverse covariance) Omega.
dist multi_normal_prec(mu: real[K], Omega: cov_matrix[K, J]) on real[K] {
  logpdf(x) {
    L = cholesky(Omega)
    z = (x - mu) @ L
    # 0.9189385332046727 is log(2 pi) / 2
    return sum(-0.5 * z^2 - 0.9189385332046727 over J) + log_diagonal(L)
  }
  sample() {
    L = cholesky(Omega)
    z = rep(draw_normal(), J)
    return mu + solve_lower_transposed(L, z)
  }
  mean = mu
}
