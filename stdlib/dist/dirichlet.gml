## Dirichlet distribution of proportions, with density proportional to the product of
## x[k]^(alpha[k] - 1).
##
## Mean alpha / sum(alpha). `dirichlet(rep(1.0, K))` is uniform over the simplex.
dist dirichlet(alpha: real<lower=0>[K]) on simplex[K] {
  logpdf(x) {
    # lgamma(total) - sum(lgamma(alpha)) + sum((alpha - 1) log(x)), around the mean
    total = sum(alpha over K)
    r = total * x / alpha
    at_peak = poisson_peak(alpha) + log(total)
    terms = at_peak + xlogy(alpha - 1, r) - gap(alpha, total * x, r)
    return sum(terms over K) - poisson_peak(total) - log(total)
  }
  # gamma(a) is gamma(a + 1) u^(1/a); in logarithms a small a does not underflow
  sample() {
    g[K] = log(draw_gamma(alpha + 1)) - draw_exponential() / alpha
    return exp(g - logsumexp(g over K))
  }
  mean = alpha / sum(alpha over K)
  variance {
    total = sum(alpha over K)
    return alpha / total * (1 - alpha / total) / (total + 1)
  }
  check dirichlet([1.0, 1.0, 1.0]).logpdf([1.0, 0.0, 0.0]) ~= 0.6931471805599453
  check dirichlet([0.5, 2.0, 3.5]).logpdf([0.2, 0.3, 0.5]) ~= 0.8820313980015224
}
