dim N
data y: real[N]
data lo: real[N]
for n in N {
  x[n]: real<lower=lo[n]> ~ normal(0, 1)
}
y ~ normal(x, 1)
