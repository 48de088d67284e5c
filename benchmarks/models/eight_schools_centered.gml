## Eight schools, centred: posteriordb's eight_schools-eight_schools_centered.
dim J
data y: real[J]
data sigma: real<lower=0>[J]

mu ~ normal(0, 5)
tau ~ half_cauchy(5)
theta[J] ~ normal(mu, tau)
y ~ normal(theta, sigma)
