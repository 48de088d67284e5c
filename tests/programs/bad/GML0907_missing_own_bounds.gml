dim N
data y: real?[N]
top = max(y over N)
y ~ uniform(0, top)
