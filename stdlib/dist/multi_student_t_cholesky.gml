## Multivariate Student t with nu degrees of freedom, location mu and scale matrix L L'.
dist multi_student_t_cholesky(
  nu: real<lower=0>,
  mu: real[K],
  L: cholesky_cov[K, J]
) on real[K] {
  logpdf(x) {
    z = solve_lower(L, x - mu)
    # lgamma(h + d) - lgamma(h) - d log(2 pi h), exact for large nu as well
    h = 0.5 * nu
    d = 0.5 * size(K)
    correction = stirling_error(h + d) - stirling_error(h) + (
      h
      + d
      - 0.5
    ) * log1p(d / h) - d
    at_peak = correction - 2 * d * 0.9189385332046727
    tail = (h + d) * log1p(sum(z^2 over J) / nu)
    return at_peak - log_diagonal(L) - tail
  }
  sample() {
    z = rep(draw_normal(), J)
    w = draw_gamma(0.5 * nu) / (0.5 * nu)
    return mu + L @ z / sqrt(w)
  }
  mean = if nu > 1 then mu else undefined()
  variance {
    heavy = if nu > 1 then infinity() else undefined()
    return if nu > 2 then sum(L^2 over J) * nu / (nu - 2) else heavy
  }
}
