data y: bool
p ~ normal(0, 1)
y ~ bernoulli(p)
