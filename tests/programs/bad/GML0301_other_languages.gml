dim N
data x: vector[N]
data n: integer
data b: double
mu ~ normal(n * b, 1)
x ~ normal(mu, 1)
