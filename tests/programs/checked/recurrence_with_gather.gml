dim T, K
data z: index(K)[T]
data y: real[T]
m[K] ~ normal(0, 1)
s[0] = 0.0
for t in 1..T {
  s[t] = 0.5 * s[t - 1] + m[z[t]]
}
y ~ normal(s, 1)
