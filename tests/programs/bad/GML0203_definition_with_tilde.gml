x ~ normal(0, 1)
z ~ 2 * x
