## Distribution of correlation matrices with density proportional to det(x)^(eta - 1).
##
## Uniform for eta = 1; the larger eta, the nearer to no correlation (Lewandowski, Kurowicka
## and Joe, Generating random correlation matrices, 2009).
dist lkj_corr(eta: real<lower=0>) on corr_matrix[K, J] {
  logpdf(x) {
    L = cholesky(x)
    return 2 * (eta - 1) * log_diagonal(L) - lkj_normaliser(eta, x)
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
    x[k: K, j: J] = sum(L[k, i] * L[j, i] over i: J)
    return x
  }
}
