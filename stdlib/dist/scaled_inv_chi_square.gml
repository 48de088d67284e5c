## Scaled inverse chi-square distribution: nu scale^2 / x is chi-square with nu degrees
## of freedom.
##
## The variance of a normal, as nu observations with standard deviation `scale` tell it.
## The mean is nu scale^2 / (nu - 2), infinite for nu <= 2; the variance is infinite for
## nu <= 4 and does not exist for nu <= 2.
dist scaled_inv_chi_square(nu: real<lower=0>, scale: real<lower=0>) on real<lower=0> {
  logpdf(x) = inv_gamma(0.5 * nu, 0.5 * nu * scale^2).logpdf(x)
  sample() = scale^2 * (0.5 * nu / draw_gamma(0.5 * nu))
  log_cdf(x) = log_gamma_q(0.5 * nu, 0.5 * nu * scale^2 / x)
  log_ccdf(x) = log_gamma_p(0.5 * nu, 0.5 * nu * scale^2 / x)
  mean = inv_gamma(0.5 * nu, 0.5 * nu * scale^2).mean()
  variance = inv_gamma(0.5 * nu, 0.5 * nu * scale^2).variance()
  reparam noncentered(z ~ scaled_inv_chi_square(nu, 1)) = scale^2 * z
  check scaled_inv_chi_square(9, 1.5).logpdf(3.0) ~= -1.4535699000503328
  check scaled_inv_chi_square(9, 1.5).logpdf(0.01) ~= -979.2077662894412
  check scaled_inv_chi_square(9, 1.5).mean() ~= 2.892857142857143
  check scaled_inv_chi_square(9, 1.5).variance() ~= 3.3474489795918365
}
