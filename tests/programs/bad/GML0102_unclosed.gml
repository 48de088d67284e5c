mu ~ normal(0, 5
tau ~ half_cauchy(5)
x = [1, 2
y = 2
for t in 1..3 {
  z[t] = 2
