## Counts of n trials over K outcomes, of which the probabilities are proportional to
## exp(logits).
dist multinomial_logit(n: int<lower=0>, logits: real[K]) on int<lower=0>[K] {
  logpmf(x) {
    # as multinomial, around x = n p
    l = logits - logsumexp(logits over K)
    at = if x == 0 then 1.0 else 1.0 * x
    some = poisson_peak(x) + peak_drop(at, log(n / at) + l)
    terms = if x == 0 then -n * exp(l) else some
    return if sum(x over K) == n then sum(
      terms
      over K
    ) - poisson_peak(n) else -infinity()
  }
  sample() {
    w = exp(logits - max(logits over K))
    x[k: K] = draw_binomial(
      n - sum(x[j] over j: 0..k),
      w[k] / (w[k] + sum(w[j] over j: k + 1..size(K)))
    )
    return x
  }
  mean = n * exp(logits - logsumexp(logits over K))
  variance {
    p = exp(logits - logsumexp(logits over K))
    return n * p * (1 - p)
  }
  check multinomial_logit(5, [0.0, 0.0, 0.0]).logpmf([1, 2, 2]) ~= -2.0918640616783932
}
