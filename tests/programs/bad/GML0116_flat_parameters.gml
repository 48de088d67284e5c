x: real<lower=0>
param z
data y: real
y ~ normal(z, x)
