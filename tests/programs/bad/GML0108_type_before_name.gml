data vector[N] y
real<lower=0> sigma
y ~ normal(0, sigma)
