## Effects of groups, each with a common location and scale of its own.

## Effects of the groups G: `v` around `m`, with standard deviation `s`.
model normal_effects(G, scale: real<lower=0> = 1.0) {
  ## mean of the effects
  m ~ normal(0, scale)
  ## standard deviation of the effects
  s ~ half_normal(scale)
  @noncentered(auto)
  v[G] ~ normal(m, s)
}

## The same without a mean of their own: what an intercept already has.
model centred_effects(G, scale: real<lower=0> = 1.0) {
  ## standard deviation of the effects
  s ~ half_normal(scale)
  @noncentered(auto)
  v[G] ~ normal(0, s)
}

## The same with heavy tails: `nu` is learnt.
model robust_effects(G, scale: real<lower=0> = 1.0) {
  m ~ normal(0, scale)
  s ~ half_normal(scale)
  ## degrees of freedom
  nu ~ gamma(2, 0.1)
  @noncentered(auto)
  v[G] ~ student_t(nu, m, s)
}
