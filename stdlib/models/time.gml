## Values that follow one another in time.

## A random walk over T from `first`, with steps of standard deviation `s`.
model random_walk(T, first: real = 0.0, scale: real<lower=0> = 1.0) {
  s ~ half_normal(scale)
  @noncentered(auto)
  x[0] ~ normal(first, s)
  for t in 1..T {
    @noncentered(auto)
    x[t] ~ normal(x[t - 1], s)
  }
}

## A stationary autoregression of order one over T, around zero.
model ar1(T, scale: real<lower=0> = 1.0) {
  phi ~ uniform(-1, 1)
  s ~ half_normal(scale)
  @noncentered(auto)
  x[0] ~ normal(0, s / sqrt(1 - phi^2))
  for t in 1..T {
    @noncentered(auto)
    x[t] ~ normal(phi * x[t - 1], s)
  }
}
