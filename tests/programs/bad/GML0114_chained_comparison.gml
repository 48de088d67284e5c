x ~ normal(0, 1)
inside = 0 < x <= 1
