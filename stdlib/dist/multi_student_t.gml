## Multivariate Student t with nu degrees of freedom, location mu and scale matrix Sigma.
##
## The covariance is Sigma nu / (nu - 2), for nu > 2.
dist multi_student_t(
  nu: real<lower=0>,
  mu: real[K],
  Sigma: cov_matrix[K, J]
) on real[K] {
  logpdf(x) = multi_student_t_cholesky(nu, mu, cholesky(Sigma)).logpdf(x)
  sample() {
    L = cholesky(Sigma)
    z = rep(draw_normal(), J)
    w = draw_gamma(0.5 * nu) / (0.5 * nu)
    return mu + L @ z / sqrt(w)
  }
  mean = if nu > 1 then mu else undefined()
  variance {
    diagonal[k: K] = Sigma[k, k]
    heavy = if nu > 1 then infinity() else undefined()
    return if nu > 2 then diagonal * nu / (nu - 2) else heavy
  }
}
