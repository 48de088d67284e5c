x ~ normal(0, 1)
y = x +
  2 * x
