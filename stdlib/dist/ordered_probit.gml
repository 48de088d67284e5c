## Ordered category from 0 to the number of cutpoints: how many of them a normal with mean
## eta and standard deviation 1 exceeds.
dist ordered_probit(eta: real, cutpoints: ordered[K]) on int<lower=0, upper=size(K)> {
  logpmf(x) {
    above = sum(if k == x then cutpoints[k] else 0.0 over k: K) - eta
    below = sum(if k + 1 == x then cutpoints[k] else 0.0 over k: K) - eta
    # from the nearer tail
    high = log_normal_cdf(if below > 0 then -below else above)
    low = log_normal_cdf(if below > 0 then -above else below)
    inside = high + log1m_exp(low - high)
    last = if x == size(K) then log_normal_cdf(-below) else inside
    return if x < 0 or x > size(K) then -infinity() else if x == 0 then log_normal_cdf(above) else last
  }
  sample() {
    z = eta + draw_normal()
    return sum(if z > cutpoints[k] then 1 else 0 over k: K)
  }
  log_cdf(x) = log_normal_cdf(sum(if k == x then cutpoints[k] else 0.0 over k: K) - eta)
  log_ccdf(x) = log_normal_cdf(
    eta
    - sum(if k == x then cutpoints[k] else 0.0 over k: K)
  )
  check ordered_probit(0.5, [-1.0, 0.3, 2.0]).logpmf(0) ~= -2.7059444008238898
  check ordered_probit(0.5, [-1.0, 0.3, 2.0]).logpmf(2) ~= -0.668547239248312
}
