dim T, K = 3, to = K
data y: real[T]
p0 ~ dirichlet(rep(2.0, K))
A[K] ~ dirichlet(rep(1.0, to))
mu: ordered[K] ~ normal(0, 5)
for k in K {
  alpha[0, k] = log(p0[k]) + normal(mu[k], 1).logpdf(y[0])
}
for t in 1..T {
  for j in K {
    alpha[t, j] = logsumexp(
      alpha[t - 1, i] + log(A[i, j])
      over i: K
    ) + normal(mu[j], 1).logpdf(y[t])
  }
}
factor logsumexp(alpha[T - 1] over K)
