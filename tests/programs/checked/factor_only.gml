x: real<lower=0> ~ flat()
factor -x + 2 * log(x)
