data y: real
a: real<lower=0, upper=2> ~ flat()
b: real<lower=a, upper=a + 1> ~ flat()
c: real<lower=b> ~ normal(0, 1)
y ~ normal(a + b + c, 1)
