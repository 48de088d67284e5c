data y: real
mu ~ normal(0, 1)
y ~ mixture([0.5, 0.5], normal(0, 1), normal(0, mu))
