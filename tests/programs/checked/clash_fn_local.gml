fn f(x: real) {
  y = x * 2
  return y + x
}
data y: real
x ~ normal(0, 1)
y ~ normal(f(f(x)), 1)
