## Ordered category from 0 to the number of cutpoints: how many of them a logistic with
## mean eta exceeds.
dist ordered_logistic(eta: real, cutpoints: ordered[K]) on int<lower=0, upper=size(K)> {
  logpmf(x) {
    above = sum(if k == x then cutpoints[k] else 0.0 over k: K) - eta
    below = sum(if k + 1 == x then cutpoints[k] else 0.0 over k: K) - eta
    inside = log1m_exp(below - above) - softplus(-above) - softplus(below)
    last = if x == size(K) then -softplus(below) else inside
    return if x < 0 or x > size(K) then -infinity() else if x == 0 then -softplus(
      -above
    ) else last
  }
  sample() {
    z = eta + logit(draw_uniform())
    return sum(if z > cutpoints[k] then 1 else 0 over k: K)
  }
  log_cdf(x) = -softplus(eta - sum(if k == x then cutpoints[k] else 0.0 over k: K))
  log_ccdf(x) = -softplus(sum(if k == x then cutpoints[k] else 0.0 over k: K) - eta)
  check ordered_logistic(0.5, [-1.0, 0.3, 2.0]).logpmf(0) ~= -1.7014132779827524
  check ordered_logistic(0.5, [-1.0, 0.3, 2.0]).logpmf(2) ~= -1.0012810430317896
  check ordered_logistic(0.5, [-1.0, 0.3, 2.0]).logpmf(3) ~= -1.7014132779827524
}
