dim K = 3
data y: real
const w = [0.2, 0.3, 0.5]
a[K] ~ normal(0, 1)
y ~ normal(sum(a[k] * w[k] over k: K), 1)
