data = 3
x ~ normal(data, 1)
