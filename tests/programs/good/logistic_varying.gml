## Logistic regression with intercepts that vary by county.
dim N, P, county
data X: real[N, P]
data where: index(county)[N]
data u: real[county]
data y: bool[N]

g0 ~ normal(0, 2.5)
g1 ~ normal(0, 1)
tau ~ half_normal(1)

@noncentered
a[county] ~ normal(g0 + g1 * u, tau)
b[P] ~ normal(0, 1)

y ~ bernoulli_logit(a[where] + X @ b)
## odds ratio of each covariate
odds = exp(b)
