## Eight schools (Rubin 1981).
dim school
data y: real[school]
data se: real<lower=0>[school]

mu ~ normal(0, 5)
tau ~ half_cauchy(5)

@noncentered
theta[school] ~ normal(mu, tau)
y ~ normal(theta, se)

shrink = se^2 / (se^2 + tau^2)
