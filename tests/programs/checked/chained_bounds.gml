dim N
data y: real[N]
x[0] ~ normal(0, 1)
for n in 1..N {
  x[n]: real<lower=x[n - 1]> ~ normal(0, 1)
}
y ~ normal(x, 1)
