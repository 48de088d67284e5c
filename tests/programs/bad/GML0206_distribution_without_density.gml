dist odd(mu: real) on real {
  sample() = mu + draw_normal()
}
data y: real
y ~ normal(0, 1)
