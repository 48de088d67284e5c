data y: real
a ~ normal(0, 1)
w ~ exponential(1)
x ~ uniform(a, a + w)
y ~ normal(x, 1)
