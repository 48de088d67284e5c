data y: real
a ~ discrete_uniform(0, 9999)
b ~ discrete_uniform(0, 9999)
y ~ normal(a - b, 1)
