dim N
data y: real[N]
total = sum(y, over N)
