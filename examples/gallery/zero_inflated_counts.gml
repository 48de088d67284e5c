## Fish caught by visitors, of whom some did not fish at all.
dim N
data hours: real<lower=0>[N]
data y: int<lower=0>[N]

idle ~ beta(1, 1)
alpha ~ normal(0, 2)
beta ~ normal(0, 1)
y ~ zero_inflated(idle, poisson(exp(alpha + beta * hours)))
