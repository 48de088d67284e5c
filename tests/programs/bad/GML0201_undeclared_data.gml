mu ~ normal(0, 1)
y_obs = mu + offset
