## Number of failures before the r-th success, of trials whose chance of a success is
## drawn once from beta(alpha, beta).
##
## The mean is r beta / (alpha - 1), infinite for alpha <= 1; the variance is infinite for
## alpha <= 2 and does not exist for alpha <= 1.
dist beta_neg_binomial(
  r: real<lower=0>,
  alpha: real<lower=0>,
  beta: real<lower=0>
) on int<lower=0> {
  # of the x failures and r successes the last is a success
  logpmf(x) = beta_binomial_term(x, r, beta, alpha) + log(r / (x + r))
  sample() = draw_poisson(draw_gamma(r) * draw_gamma(beta) / draw_gamma(alpha))
  mean = if alpha > 1 then r * beta / (alpha - 1) else infinity()
  variance {
    odds = (alpha + r - 1) / (alpha - 1) * ((alpha + beta - 1) / (alpha - 2))
    heavy = if alpha > 1 then infinity() else undefined()
    return if alpha > 2 then r * beta / (alpha - 1) * odds else heavy
  }
  check beta_neg_binomial(2, 4, 3).logpmf(0) ~= -1.0296194171811583
  check beta_neg_binomial(2, 4, 3).logpmf(4) ~= -2.916689066213538
  check beta_neg_binomial(2, 4, 3).mean() ~= 2
  check beta_neg_binomial(2, 4, 3).variance() ~= 10
}
