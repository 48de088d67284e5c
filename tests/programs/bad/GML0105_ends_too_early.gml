mu ~ normal(0, 1)
y ~
