dim N
data t: bool[N]
data y: real[N]
a ~ normal(0, 1)
b ~ normal(0, 1)
y ~ normal(if t then a else b, 1)
c = mean(t over N)
