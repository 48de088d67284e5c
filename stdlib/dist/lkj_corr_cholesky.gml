## Distribution of the Cholesky factors of correlation matrices that are `lkj_corr(eta)`.
dist lkj_corr_cholesky(eta: real<lower=0>) on cholesky_corr[K, J] {
  logpdf(x) {
    # det(x x')^(eta - 1) and the Jacobian of x x': powers of the diagonal of x
    powers = sum((size(K) - 3 - k + 2 * eta) * log(x[k, k]) over k: 1..K)
    return powers - lkj_normaliser(eta, x)
  }
  # row by row: its squared length before the diagonal is a beta, its direction uniform
  sample() {
    z = rep(rep(draw_normal(), J), K)
    length[k: K] = if k == 0 then 0.0 else sqrt(sum(z[k, i]^2 over i: 0..k))
    a[k: K] = draw_gamma(if k == 0 then 1.0 else 0.5 * k)
    b[k: K] = draw_gamma(eta + 0.5 * (size(K) - 1 - k))
    L[k: K, j: J] = (
      if j < k then z[k, j] / length[k] * sqrt(a[k] / (a[k] + b[k]))
      else if j > k then 0.0
      else if k == 0 then 1.0
      else sqrt(b[k] / (a[k] + b[k]))
    )
    return L
  }
}
