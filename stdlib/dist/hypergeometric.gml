## Number of marked items among n that are drawn without replacement from `marked` that
## are marked and `others` that are not.
##
## Mean n marked / (marked + others).
dist hypergeometric(
  n: int<lower=0>,
  marked: int<lower=0>,
  others: int<lower=0>
) on int<lower=max(0, n - others), upper=min(n, marked)> {
  logpmf(x) {
    # binomials with success probability n / N, of which the last digits would cancel
    N = marked + others
    p = n / N
    q = (N - n) / N
    successes = binomial_term(x, marked - x, p, q)
    failures = binomial_term(n - x, others - (n - x), p, q)
    inside = successes + failures - binomial_term(n, N - n, p, q)
    return if x < n - others or x > marked or x < 0 or x > n then -infinity() else inside
  }
  sample() = draw_hypergeometric(marked, others, n)
  mean = n * (marked / (marked + others))
  variance {
    N = marked + others
    return n * (marked / N) * (others / N) * ((N - n) / (N - 1))
  }
  check hypergeometric(5, 7, 11).logpmf(2) ~= -0.9053217005035811
  check hypergeometric(0, 7, 11).logpmf(0) ~= 0
  check hypergeometric(18, 7, 11).logpmf(7) ~= 0
  check hypergeometric(5, 7, 11).mean() ~= 1.9444444444444444
}
