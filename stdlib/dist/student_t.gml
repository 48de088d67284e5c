## Student's t with nu degrees of freedom, location mu and scale sigma.
##
## The mean is mu for nu > 1 and does not exist below; the variance is
## sigma^2 nu / (nu - 2) for nu > 2, infinite down to nu > 1, and does not exist below.
dist student_t(nu: real<lower=0>, mu: real, sigma: real<lower=0>) on real {
  logpdf(x) {
    # lgamma(h + 1/2) - lgamma(h) - log(2 pi h) / 2, exact for large nu as well
    h = 0.5 * nu
    correction = stirling_error(h + 0.5) - stirling_error(h) + h * log1p(0.5 / h) - 0.5
    at_peak = correction - 0.9189385332046727
    tail = (h + 0.5) * log1p_square((x - mu) / sigma / sqrt(nu))
    return at_peak - log(sigma) - tail
  }
  sample() = mu + sigma * draw_normal() / sqrt(draw_gamma(0.5 * nu) / (0.5 * nu))
  log_cdf(x) = log_student_t_cdf(nu, (x - mu) / sigma)
  log_ccdf(x) = log_student_t_cdf(nu, (mu - x) / sigma)
  mean = if nu > 1 then mu else undefined()
  variance {
    heavy = if nu > 1 then infinity() else undefined()
    return if nu > 2 then sigma^2 * nu / (nu - 2) else heavy
  }
  reparam noncentered(z ~ student_t(nu, 0, 1)) = mu + sigma * z
  check student_t(1, 0, 1).logpdf(0.0) ~= -1.1447298858494002
  check student_t(4, 0.5, 2).logpdf(3.0) ~= -2.4983596495028415
  check student_t(0.1, 0, 1).logpdf(1e6) ~= -18.373404156275765
  check student_t(1e8, 0, 1).logpdf(1.0) ~= -1.4189385382046727
  check student_t(4, 0.5, 2).mean() ~= 0.5
  check student_t(4, 0.5, 2).variance() ~= 8
}
