dim N, K
data y: real[N]
data K0: int
mu: ordered[K] ~ normal(0, 1)
p ~ dirichlet(rep(1.0, K))
for n in N {
  factor logsumexp(log(p[k]) + normal(mu[k], 1).logpdf(y[n]) over k: K)
}
