mu ~ normal(0, 1)
y = ​2
