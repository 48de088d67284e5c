## Absolute value of a Student's t with nu degrees of freedom, location 0, scale sigma.
##
## The mean is infinite for nu <= 1, the variance for nu <= 2.
dist half_student_t(nu: real<lower=0>, sigma: real<lower=0>) on real<lower=0> {
  # 0.6931471805599453 is log(2)
  logpdf(x) = student_t(nu, 0, sigma).logpdf(x) + 0.6931471805599453
  sample() = sigma * abs(draw_normal()) / sqrt(draw_gamma(0.5 * nu) / (0.5 * nu))
  log_cdf(x) {
    v = max((x / sigma)^2 / nu, 1e-60)
    return log_beta_i(0.5, 0.5 * nu, v / (1 + v), 1 / (1 + v))
  }
  log_ccdf(x) {
    v = max((x / sigma)^2 / nu, 1e-60)
    return log_beta_i(0.5 * nu, 0.5, 1 / (1 + v), v / (1 + v))
  }
  mean {
    light = 2 * sigma * sqrt(nu) / (nu - 1) * exp(-lbeta(0.5 * nu, 0.5))
    return if nu > 1 then light else infinity()
  }
  variance {
    mean = 2 * sqrt(nu) / (nu - 1) * exp(-lbeta(0.5 * nu, 0.5))
    light = sigma^2 * (nu / (nu - 2) - mean^2)
    heavy = if nu > 1 then infinity() else undefined()
    return if nu > 2 then light else heavy
  }
  reparam noncentered(z ~ half_student_t(nu, 1)) = sigma * z
  check half_student_t(1, 1).logpdf(0.0) ~= -0.4515827052894548
  check half_student_t(3, 2.5).logpdf(4.0) ~= -2.4580040401264824
  check half_student_t(3, 2.5).mean() ~= 2.75664447710896
  check half_student_t(3, 2.5).variance() ~= 11.150911226824668
}
