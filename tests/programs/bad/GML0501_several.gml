dim N
data y: real[N]
data n: int[N]
data k: int[N]
a ~ normal(0, 1)
b ~ normal(0, 1)
k ~ binomial(n, a)
y ~ normal(b, a)
c = sum(y)
