## A Gaussian mixture, its component summed out by hand.
dim N, K = 3
data y: real[N]

weight: simplex[K] ~ dirichlet(rep(2.0, K))
mu: ordered[K] ~ normal(0, 5)
sigma[K] ~ half_normal(2)

for n in N {
  factor logsumexp(log(weight) + normal(mu, sigma).logpdf(y[n]) over K)
}
