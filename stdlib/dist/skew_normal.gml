## Skew normal distribution with location xi, scale omega and shape alpha.
##
## Its density is that of normal(xi, omega) times 2 Phi(alpha (x - xi) / omega).
dist skew_normal(xi: real, omega: real<lower=0>, alpha: real) on real {
  logpdf(x) {
    z = (x - xi) / omega
    # 0.2257913526447274 is log(pi / 2) / 2
    return log_normal_cdf(alpha * z) - 0.5 * z^2 - log(omega) - 0.2257913526447274
  }
  sample() {
    skewed = alpha * abs(draw_normal()) + draw_normal()
    return xi + omega * skewed / sqrt(1 + alpha^2)
  }
  # 0.7978845608028654 is sqrt(2 / pi)
  mean = xi + omega * 0.7978845608028654 * alpha / sqrt(1 + alpha^2)
  variance = omega^2 * (1 - 0.6366197723675814 * alpha^2 / (1 + alpha^2))
  reparam noncentered(z ~ skew_normal(0, 1, alpha)) = xi + omega * z
  check skew_normal(0.5, 2, 3).logpdf(0.5) ~= -1.612085713764618
  check skew_normal(0.5, 2, 3).logpdf(-30.0) ~= -1168.4740460576334
  check skew_normal(0.5, 2, 3).mean() ~= 2.013879513212096
  check skew_normal(0.5, 2, 3).variance() ~= 1.708168819476707
}
