## Eight schools as posteriordb's eight_schools-eight_schools_centered; the warm-up finds
## how far to centre it.
dim J
data y: real[J]
data sigma: real<lower=0>[J]

mu ~ normal(0, 5)
tau ~ half_cauchy(5)
@noncentered(auto)
theta[J] ~ normal(mu, tau)
y ~ normal(theta, sigma)
