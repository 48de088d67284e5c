fn f(x: real) = exp(-x^2)
fn g(x: real, y: real) = f(x) * f(y) + f(x - y)
data y: real
a ~ normal(0, 1)
b ~ normal(0, 1)
y ~ normal(g(a, b), 1)
