x: real[3] ~ normal(0, 1)
