## Logistic regression in which every county has an intercept of its own.
dim N, P, county
data X: real[N, P]
data where: index(county)[N]
## a measurement of the county itself
data u: real[county]
data y: bool[N]

g0 ~ normal(0, 2.5)
g1 ~ normal(0, 1)
## how much counties differ beyond what u explains
tau ~ half_normal(1)

@noncentered
a[county] ~ normal(g0 + g1 * u, tau)
b[P] ~ normal(0, 1)

local eta = a[where] + X @ b
y ~ bernoulli_logit(eta)

## factor by which one unit of a predictor multiplies the odds
odds = exp(b)
