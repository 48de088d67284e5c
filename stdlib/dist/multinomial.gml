## Counts of n trials over K outcomes, which have the probabilities p.
dist multinomial(n: int<lower=0>, p: simplex[K]) on int<lower=0>[K] {
  logpmf(x) {
    # log(n!) + sum(x log(p) - log(x!)), around x = n p: Poissons, given their sum
    terms = poisson_peak(x) + rate_drop(x, n * p)
    inside = sum(terms over K) - poisson_peak(n)
    return if sum(x over K) == n then inside else -infinity()
  }
  mean = n * p
  variance = n * p * (1 - p)
  check multinomial(5, [0.2, 0.3, 0.5]).logpmf([1, 2, 2]) ~= -2.0024805005437076
  check multinomial(5, [0.0, 0.4, 0.6]).logpmf([0, 2, 3]) ~= -1.0624732420522354
}
