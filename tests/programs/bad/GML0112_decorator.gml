@noncentered
dim N
x ~ normal(0, 1)
@noncentered
