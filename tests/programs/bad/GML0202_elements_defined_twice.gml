dim T
data y: real[T]
s[0] = 1.0
for t in 0..T {
  s[t] = 2.0
}
y ~ normal(0, s)
