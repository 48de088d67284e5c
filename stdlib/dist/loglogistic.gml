## Log-logistic distribution with scale (and median) alpha and shape beta: log(x) is
## logistic with mean log(alpha) and scale 1 / beta.
##
## The mean is infinite for beta <= 1; the variance is infinite for beta <= 2 and does not
## exist for beta <= 1.
dist loglogistic(alpha: real<lower=0>, beta: real<lower=0>) on real<lower=0> {
  logpdf(x) {
    l = log(x / alpha)
    power = if x == 0 and beta == 1 then 0.0 else (beta - 1) * l
    return log(beta) - log(alpha) + power - 2 * softplus(beta * l)
  }
  sample() = alpha * exp(logit(draw_uniform()) / beta)
  cdf(x) = sigmoid(beta * log(x / alpha))
  icdf(p) = alpha * exp(logit(p) / beta)
  log_cdf(x) = -softplus(-beta * log(x / alpha))
  log_ccdf(x) = -softplus(beta * log(x / alpha))
  iccdf(p) = alpha * exp(-logit(p) / beta)
  mean {
    # 3.141592653589793 is pi
    angle = 3.141592653589793 / beta
    return if beta > 1 then alpha * angle / sin(angle) else infinity()
  }
  variance {
    angle = 3.141592653589793 / beta
    ratio = angle / sin(angle)
    light = alpha^2 * (2 * angle / sin(2 * angle) - ratio^2)
    heavy = if beta > 1 then infinity() else undefined()
    return if beta > 2 then light else heavy
  }
  reparam noncentered(z ~ loglogistic(1, beta)) = alpha * z
  check loglogistic(2, 1).logpdf(0.0) ~= -0.6931471805599453
  check loglogistic(2, 4).logpdf(3.0) ~= -1.6947020076427648
  check loglogistic(2, 4).logpdf(1e10) ~= -110.9703715663426
  check loglogistic(2, 4).cdf(3.0) ~= 0.8350515463917526
  check loglogistic(2, 4).icdf(0.9) ~= 3.464101615137755
  check loglogistic(2, 4).mean() ~= 2.221441469079183
  check loglogistic(2, 4).variance() ~= 1.3483831066349072
}
