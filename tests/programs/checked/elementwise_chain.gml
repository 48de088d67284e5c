data y: real
dim K = 4
a ~ normal(0, 1)
x[0] = a
z[0] = x[0] * 2
x[1] = z[0] + 1
x[2] = x[1]^2
x[k: 3..K] = x[2] + x[0]
z[1] = x[3]
z[k: 2..K] = z[k - 1] + z[k - 2]
y ~ normal(sum(z over K) + sum(x over K), 1)
