## Inverse chi-square distribution: 1 / x is chi-square with nu degrees of freedom.
##
## The mean is 1 / (nu - 2), infinite for nu <= 2; the variance is infinite for nu <= 4
## and does not exist for nu <= 2.
dist inv_chi_square(nu: real<lower=0>) on real<lower=0> {
  logpdf(x) = inv_gamma(0.5 * nu, 0.5).logpdf(x)
  sample() = 0.5 / draw_gamma(0.5 * nu)
  log_cdf(x) = log_gamma_q(0.5 * nu, 0.5 / x)
  log_ccdf(x) = log_gamma_p(0.5 * nu, 0.5 / x)
  mean = inv_gamma(0.5 * nu, 0.5).mean()
  variance = inv_gamma(0.5 * nu, 0.5).variance()
  check inv_chi_square(5).logpdf(0.3) ~= 0.5296873266013269
  check inv_chi_square(5).logpdf(0.001) ~= -477.84040734543527
  check inv_chi_square(5).mean() ~= 0.3333333333333333
  check inv_chi_square(5).variance() ~= 0.2222222222222222
}
