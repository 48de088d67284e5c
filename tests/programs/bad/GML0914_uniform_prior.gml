data y: real
s ~ uniform(0, 100)
y ~ normal(0, s)
