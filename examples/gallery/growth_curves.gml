## Trees that grow along a logistic curve, each to a height of its own.
dim tree, age
data years: real<lower=0>[age]
data girth: real<lower=0>[tree, age]

height ~ normal(2, 1)
tau ~ half_normal(1)
middle ~ normal(2, 1)
scale ~ lognormal(0, 0.5)
sigma ~ half_normal(0.5)
final[tree] ~ normal(height, tau)
girth[i: tree, a: age] ~ normal(
  final[i] * inv_logit((years[a] - middle) / scale),
  sigma
)
