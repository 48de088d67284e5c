dist odd(mu: real) on real {
  logpdf(x) = -abs(x - mu)
}
data y: real
mu ~ odd(0)
y ~ odd(mu)
z ~ odd(mu)
