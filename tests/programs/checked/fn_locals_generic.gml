fn scaled(x: real[N], s: real<lower=0>) -> real[N] {
  m = mean(x over N)
  d = sd(x over N)
  return (x - m) / (d + s)
}
dim A, B
data xa: real[A]
data xb: real[B]
data y: real[A]
data z: real[B]
b ~ normal(0, 1)
t ~ exponential(1)
y ~ normal(b * scaled(xa, t), 1)
z ~ normal(b * scaled(xb, 1), 1)
