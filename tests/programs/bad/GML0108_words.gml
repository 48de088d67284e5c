x ~ normal(0, 1)
let a = 3
b = x if x > 3 else 2
c = x > 3 ? x : 2
print(x)
