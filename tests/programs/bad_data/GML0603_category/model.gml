dim N
data grade: int[N]
data y: real[N]
a ~ normal(0, 1)
y ~ normal(a * grade, 1)
