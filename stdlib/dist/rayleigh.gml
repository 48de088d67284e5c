## Rayleigh distribution with scale sigma (and mode): the length of a vector of two
## normals with standard deviation sigma.
##
## Mean sigma sqrt(pi / 2).
dist rayleigh(sigma: real<lower=0>) on real<lower=0> {
  logpdf(x) = log(x / sigma) - log(sigma) - 0.5 * (x / sigma)^2
  sample() = sigma * sqrt(2 * draw_exponential())
  cdf(x) = -expm1(-0.5 * (x / sigma)^2)
  icdf(p) = sigma * sqrt(-2 * log1p(-p))
  log_cdf(x) = log1m_exp(-0.5 * (x / sigma)^2)
  log_ccdf(x) = -0.5 * (x / sigma)^2
  iccdf(p) = sigma * sqrt(-2 * log(p))
  # sqrt(pi / 2), and 2 - pi / 2
  mean = 1.2533141373155003 * sigma
  variance = 0.4292036732051034 * sigma^2
  reparam noncentered(z ~ rayleigh(1)) = sigma * z
  check rayleigh(2).logpdf(3.0) ~= -1.412682072451781
  check rayleigh(2).logpdf(1e-10) ~= -24.412145291060348
  check rayleigh(2).cdf(3.0) ~= 0.6753475326416503
  check rayleigh(2).icdf(0.9) ~= 4.291932052578694
  check rayleigh(2).mean() ~= 2.5066282746310007
  check rayleigh(2).variance() ~= 1.7168146928204135
}
