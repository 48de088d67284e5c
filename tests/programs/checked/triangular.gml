dim N
data y: real[N]
a[N] ~ normal(0, 1)
for n in N {
  factor sum((a[n] - a[m])^2 over m: 0..n) * -0.1
}
y ~ normal(a, 1)
