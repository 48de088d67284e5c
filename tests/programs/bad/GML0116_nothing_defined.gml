x ~ normal(0, 1)
x + 1
print(x)
y: real<lower=0>
param z
