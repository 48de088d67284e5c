dim N
data k: int?[N]
k ~ poisson(3)
