## Multivariate normal distribution with mean mu and covariance Sigma.
dist multi_normal(mu: real[K], Sigma: cov_matrix[K, J]) on real[K] {
  logpdf(x) = multi_normal_cholesky(mu, cholesky(Sigma)).logpdf(x)
  sample() {
    L = cholesky(Sigma)
    z = rep(draw_normal(), J)
    return mu + L @ z
  }
  mean = mu
  variance {
    diagonal[k: K] = Sigma[k, k]
    return diagonal
  }
}
