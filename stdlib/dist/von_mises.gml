## Von Mises distribution of an angle between -pi and pi with mean direction mu and
## concentration kappa.
##
## Its density is proportional to exp(kappa cos(x - mu)); bring angles to -pi .. pi.
dist von_mises(
  mu: real,
  kappa: real<lower=0>
) on real<lower=-3.141592653589793, upper=3.141592653589793> {
  # 1.8378770664093453 is log(2 pi)
  logpdf(x) {
    drop = 2 * kappa * sin(0.5 * (x - mu))^2
    return -drop - log_bessel_i0_scaled(kappa) - 1.8378770664093453
  }
  sample() {
    angle = mu + draw_von_mises(kappa)
    turns = floor((angle + 3.141592653589793) / 6.283185307179586)
    return max(
      min(angle - 6.283185307179586 * turns, 3.141592653589793),
      -3.141592653589793
    )
  }
  check von_mises(0, 1).logpdf(0.0) ~= -1.0737914249165241
  check von_mises(0.5, 4).logpdf(2.0) ~= -3.9799010552539933
  check von_mises(0.5, 1e6).logpdf(0.501) ~= 5.4888166624440675
  check von_mises(0, 0).logpdf(1.0) ~= -1.8378770664093453
}
