data y: real
log(y) ~ normal(0, 1)
