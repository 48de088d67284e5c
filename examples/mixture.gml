## Two normal components, summed out by hand; the order of their means tells them apart.
dim N, component = 2
data y: real[N]

## share of the component with the smaller mean
weight ~ beta(2, 2)
mu: ordered[component] ~ normal(0, 5)
sigma[component] ~ half_normal(2)

for n in N {
  factor log_add_exp(
    log(weight) + normal(mu[0], sigma[0]).logpdf(y[n]),
    log1p(-weight) + normal(mu[1], sigma[1]).logpdf(y[n])
  )
}

## probability that a datum belongs to the component with the smaller mean
first = inv_logit(
  logit(weight)
  + normal(mu[0], sigma[0]).logpdf(y)
  - normal(mu[1], sigma[1]).logpdf(y)
)
