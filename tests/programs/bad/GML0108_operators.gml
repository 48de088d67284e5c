x ~ normal(0, 1)
a <- 3
b == 4
c = x ** 2
d = x > 1 && b < 2 || c < 1
e := 5
f = +x
