mu ~ normal(0, 1) tau ~ normal(0, 1)
