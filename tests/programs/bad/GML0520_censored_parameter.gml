data y: real
x ~ censored(normal(0, 1), upper=2)
y ~ normal(x, 1)
