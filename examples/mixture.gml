## Two normal components; which one a datum is from is summed out.
dim N, component = 2
data y: real[N]

## share of the component with the smaller mean
weight ~ beta(2, 2)
# in this order, so that the components cannot change names
mu: ordered[component] ~ normal(0, 5)
sigma[component] ~ half_normal(2)

## component of each datum
z[n: N] ~ categorical([weight, 1 - weight])
y[n: N] ~ normal(mu[z[n]], sigma[z[n]])

## probability that a datum belongs to the component with the smaller mean
first = inv_logit(
  logit(weight)
  + normal(mu[0], sigma[0]).logpdf(y)
  - normal(mu[1], sigma[1]).logpdf(y)
)
