dim N = 3
x[N] ~ normal(0, 1)
y = exp(x[0) + 1  # a ] in a comment
for n in N { z[n] ~ normal(x[n], 1)
