x ~ normal(0, 1)
y = 2 x
z ~ normal(0 1)
