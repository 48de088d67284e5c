dim N, K = 3
data y: real[N]
p ~ dirichlet(rep(1.0, K))
mu: ordered[K] ~ normal(0, 2)
s[K] ~ exponential(1)
factor sum(logsumexp(log(p) + normal(mu, s).logpdf(y) over K) over N)
