data y: real
dist shifted(mu: real, w: real[K]) on real {
  logpdf(x) = normal(mu, 1).logpdf(x)
  reparam noncentered(z[K] ~ normal(0, 1)) = mu + sum(z over K)
}
dist plain(mu: real[K]) on real[K] {
  logpdf(x) = sum(normal(mu, 1).logpdf(x) over K)
  reparam noncentered(z ~ normal(0, 1)) = mu + z
}
dist odd(mu: real) on real {
  logpdf(x) = normal(mu, 1).logpdf(x)
  reparam noncentered(z ~ poisson(1)) = mu + z
}
dist far(mu: real) on real {
  logpdf(x) = normal(mu, 1).logpdf(x)
  reparam noncentered(z[Q] ~ normal(0, 1)) = mu + z
}
y ~ normal(0, 1)
