data y: real
a ~ normal(0, 1)
b = if a > 0 then if a > 1 then a^2 else a else -a
y ~ normal(b, 1)
