dim N
data y: real[N]
a ~ exponential(1)
y ~ beta(a, 2)
