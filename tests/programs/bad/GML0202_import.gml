import std.time
data y: real
time ~ normal(0, 1)
y ~ normal(time, 1)
