data y: real
a: real<lower=0> ~ normal(1, 2)
b: real<upper=0> ~ normal(1, 2)
c: real<lower=-1, upper=1> ~ student_t(3, 0, 1)
y ~ normal(a + b + c, 1)
