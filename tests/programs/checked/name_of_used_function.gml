dim N
data x: real[N]
exp ~ normal(0, 1)
x ~ normal(exp, exp(exp))
