## Chi-square distribution with nu degrees of freedom: the sum of the squares of nu
## standard normals.
##
## Mean nu, variance 2 nu.
dist chi_square(nu: real<lower=0>) on real<lower=0> {
  logpdf(x) = gamma(0.5 * nu, 0.5).logpdf(x)
  sample() = 2 * draw_gamma(0.5 * nu)
  log_cdf(x) = log_gamma_p(0.5 * nu, 0.5 * x)
  log_ccdf(x) = log_gamma_q(0.5 * nu, 0.5 * x)
  mean = nu
  variance = 2 * nu
  check chi_square(2).logpdf(0.0) ~= -0.6931471805599453
  check chi_square(4).mean() ~= 4
  check chi_square(4).variance() ~= 8
  check chi_square(5).logpdf(3.0) ~= -1.869632388870618
  check chi_square(0.02).logpdf(1e-10) ~= 18.18918107074343
  check chi_square(5).mean() ~= 5
  check chi_square(5).variance() ~= 10
}
