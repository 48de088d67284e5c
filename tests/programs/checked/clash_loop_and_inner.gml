dim N, K
data y: real[N]
a[K] ~ normal(0, 1)
for n in N {
  y[n] ~ normal(sum(a[k] * (k + n) over k: K) + sum(a[k]^2 over k: K), 1)
}
