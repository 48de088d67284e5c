dist shifted_exponential(rate: real<lower=0>, shift: real) on real<lower=shift> {
  logpdf(x) = log(rate) - rate * (x - shift)
  sample() = shift + draw_exponential() / rate
  mean = shift + 1 / rate
}
data y: real
a ~ normal(0, 1)
x ~ shifted_exponential(2, a)
y ~ normal(x, 1)
z ~ shifted_exponential(1, x)
w = shifted_exponential(2, a).mean()
