## Multivariate normal distribution with mean mu and covariance L L', L lower triangular.
dist multi_normal_cholesky(mu: real[K], L: cholesky_cov[K, J]) on real[K] {
  logpdf(x) {
    z = solve_lower(L, x - mu)
    # 0.9189385332046727 is log(2 pi) / 2
    return sum(-0.5 * z^2 - 0.9189385332046727 over J) - log_diagonal(L)
  }
  sample() {
    z = rep(draw_normal(), J)
    return mu + L @ z
  }
  mean = mu
  variance = sum(L^2 over J)
}
