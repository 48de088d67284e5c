data y: int
mu ~ exponential(1)
y ~ mixture([0.5, 0.5], poisson(mu), normal(0, 1))
