## Three normal components: a simplex, ordered means, logsumexp over components.
dim N, K = 3
data y: real[N]

weight: simplex[K] ~ dirichlet(rep(2.0, K))
mu: ordered[K] ~ normal(0, 5)
sigma[K] ~ half_normal(2)

for n in N {
  factor logsumexp(log(weight[k]) + normal(mu[k], sigma[k]).logpdf(y[n]) over k: K)
}
