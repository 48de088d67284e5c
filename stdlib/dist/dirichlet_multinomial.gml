## Counts of n trials over K outcomes, whose probabilities are dirichlet(alpha).
dist dirichlet_multinomial(
  n: int<lower=0>,
  alpha: real<lower=0>[K]
) on int<lower=0>[K] {
  logpmf(x) {
    # n B(total, n) / prod(x B(alpha, x)), over the outcomes that happened
    total = sum(alpha over K)
    each = if x == 0 then 0.0 else log(max(x, 1)) + lbeta(alpha, max(x, 1))
    whole = if n == 0 then 0.0 else log(max(n, 1)) + lbeta(total, max(n, 1))
    return if sum(x over K) == n then whole - sum(each over K) else -infinity()
  }
  mean = n * alpha / sum(alpha over K)
  variance {
    total = sum(alpha over K)
    share = alpha / total
    return n * share * (1 - share) * (n + total) / (1 + total)
  }
  check dirichlet_multinomial(
    5,
    [0.5, 1.5, 3.0]
  ).logpmf([1, 2, 2]) ~= -3.1090609588609928
  check dirichlet_multinomial(
    5,
    [0.5, 1.5, 3.0]
  ).logpmf([0, 2, 3]) ~= -1.9050881545350573
}
