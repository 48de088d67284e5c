## Poisson distribution of a count with rate exp(eta), its mean and its variance.
dist poisson_log(eta: real) on int<lower=0> {
  logpmf(x) {
    # x eta - exp(eta) - lgamma(x + 1), around exp(eta) = x; around 1/2 for x = 0
    at = if x == 0 then 0.5 else 1.0 * x
    e = eta - log(at)
    at_peak = if x == 0 then -0.5 else poisson_peak(x)
    return at_peak + (if x == 0 then 0.0 else x * e) - at * expm1(e)
  }
  sample() = draw_poisson(exp(eta))
  log_cdf(x) = log_gamma_q(x + 1, exp(eta))
  log_ccdf(x) = log_gamma_p(x + 1, exp(eta))
  mean = exp(eta)
  variance = exp(eta)
  check poisson_log(0).logpmf(0) ~= -1
  check poisson_log(1.2).logpmf(4) ~= -1.6981707530844932
  check poisson_log(-30.0).logpmf(2) ~= -60.69314718056004
  check poisson_log(1.2).mean() ~= 3.3201169227365472
}
