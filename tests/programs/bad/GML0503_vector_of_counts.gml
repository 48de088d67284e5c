dim K = 3
data y: real[K]
k ~ multinomial(10, [0.2, 0.3, 0.5])
y ~ normal(1, 1)
factor sum(k over K)
