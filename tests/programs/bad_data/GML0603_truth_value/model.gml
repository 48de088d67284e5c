dim N
data y: bool[N]
p ~ beta(1, 1)
y ~ bernoulli(p)
